import { Button, Group, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { faultsByField } from "@/api/errors";
import { checkSuppression } from "@/api/people";
import { explain } from "@/shared/explain";
import { Mark } from "@/shared/marks";
import { useSubmission } from "@/shared/submission";
import { kindOf, reasonOf } from "./words";

/** The list can't be read, but it can be asked. */
export function CheckField() {
  const { t } = useTranslation("people");
  const [value, setValue] = useState("");
  const [asked, setAsked] = useState<string | null>(null);
  const checking = useSubmission({
    mutationFn: (given: string) => checkSuppression({ kind: kindOf(given), value: given }),
  });
  const current = asked !== null && asked === value.trim();
  const fault =
    current && checking.error ? (faultsByField(checking.error).value ?? explain(checking.error).detail) : null;
  const found = current && !checking.error && !checking.isPending ? checking.data : undefined;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!value.trim()) return;
        setAsked(value.trim());
        checking.submit(value.trim());
      }}
    >
      <Group gap={8} align="flex-start">
        <TextInput
          w={300}
          maw="100%"
          aria-label={t("suppressions.checkValue")}
          placeholder={t("suppressions.check")}
          autoComplete="off"
          value={value}
          error={fault}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={checking.isPending}>
          {t("suppressions.ask")}
        </Button>
        <Text component="div" size="sm" role="status" pt={6}>
          {found && <Answer value={value.trim()} found={found} />}
        </Text>
      </Group>
    </form>
  );
}

function Answer({ value, found }: { value: string; found: Awaited<ReturnType<typeof checkSuppression>> }) {
  const { t } = useTranslation("people");
  if (!found.suppression) return <Mark tone="positive">{t("suppressions.no")}</Mark>;
  const reason = reasonOf(found.suppression);
  const byDomain = kindOf(value) === "email" && found.suppression.kind === "domain";
  return <Mark tone="danger">{t(byDomain ? "suppressions.yesByDomain" : "suppressions.yes", { reason })}</Mark>;
}
