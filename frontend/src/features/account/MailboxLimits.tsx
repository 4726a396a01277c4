import { Button, Group, NumberInput, Skeleton, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { limitMailbox, mailboxQuery } from "@/api/account";
import { faultsByField } from "@/api/errors";
import { Fact, Refusal } from "@/shared/EditSection";
import fixed from "@/shared/EditSection.module.css";
import { said } from "@/shared/feedback";
import { useFormat } from "@/shared/format";
import { isEscapeFor } from "@/shared/keys";
import { SectionFrame } from "@/shared/SectionFrame";
import { useSubmission } from "@/shared/submission";
import classes from "./Account.module.css";

const MOST = { per_day: 2000, per_minute: 60 } as const;
type Limits = Record<keyof typeof MOST, number>;

/** How much may leave the own mailbox, in a day and in a minute. */
export function MailboxLimits() {
  const { t } = useTranslation("account");
  const format = useFormat();
  const [editing, setEditing] = useState(false);
  const { data, error } = useQuery(mailboxQuery());
  if (error) return null;
  return (
    <div className={classes.limits}>
      <SectionFrame title={t("connect.limits")} layout="wide" onEdit={editing || !data ? null : () => setEditing(true)}>
        {!data && <Skeleton h={48} />}
        {data && (
          <Text size="sm" c="dimmed" mb={8}>
            {t("connect.limitsWhy", { address: data.address })}
          </Text>
        )}
        {data && editing && <LimitsForm limits={data} onDone={() => setEditing(false)} />}
        {data && !editing && (
          <dl className={fixed.facts}>
            <Fact label={t("connect.perDay")}>{format.number(data.per_day)}</Fact>
            <Fact label={t("connect.perMinute")}>{format.number(data.per_minute)}</Fact>
          </dl>
        )}
      </SectionFrame>
    </div>
  );
}

function LimitsForm({ limits, onDone }: { limits: Limits; onDone: () => void }) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const within = (field: keyof Limits) => (value: number | string) =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MOST[field]
      ? null
      : t("connect.between", { min: 1, max: MOST[field] });
  const form = useForm<Limits>({
    initialValues: { per_day: limits.per_day, per_minute: limits.per_minute },
    validate: { per_day: within("per_day"), per_minute: within("per_minute") },
  });
  const saving = useSubmission({
    mutationFn: limitMailbox,
    onSuccess: (saved) => {
      queryClient.setQueryData(mailboxQuery().queryKey, saved);
      said(t("connect.limitsSaved"));
      onDone();
    },
    onError: (error) => form.setErrors(faultsByField(error)),
  });
  const unplaced = saving.error && Object.keys(faultsByField(saving.error)).length === 0;
  return (
    // Escape restores from wherever in the form the focus is.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      noValidate
      onSubmit={form.onSubmit((values) => saving.submit(values))}
      onKeyDown={(event) => isEscapeFor(event) && onDone()}
    >
      {unplaced && <Refusal error={saving.error} />}
      <div className={fixed.fields}>
        {(["per_day", "per_minute"] as const).map((field, n) => (
          <NumberInput
            key={field}
            label={t(field === "per_day" ? "connect.perDay" : "connect.perMinute")}
            min={1}
            max={MOST[field]}
            clampBehavior="none"
            allowDecimal={false}
            // The person just chose to edit this section.
            // eslint-disable-next-line jsx-a11y/no-autofocus
            autoFocus={n === 0}
            {...form.getInputProps(field)}
          />
        ))}
      </div>
      <Group gap={8} mt={12}>
        <Button type="submit" size="sm" loading={saving.isPending}>
          {common("action.save")}
        </Button>
        <Button variant="default" size="sm" onClick={onDone}>
          {common("action.cancel")}
        </Button>
      </Group>
    </form>
  );
}
