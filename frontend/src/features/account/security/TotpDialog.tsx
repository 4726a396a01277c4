import { Button, Group, Modal, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { faultsByField } from "@/api/errors";
import { beginTotp, confirmTotp } from "@/api/security";
import type { TotpSetup } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { ErrorState } from "@/shared/states";
import { useSubmission } from "@/shared/submission";
import { CopyText } from "./CopyText";
import { RecoveryCodes } from "./RecoveryCodes";
import classes from "./Security.module.css";
import { useSecurityChanged } from "./useSecurityChanged";

/** Scan, type a code, keep the recovery codes. */
export function TotpDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("account");
  const changed = useSecurityChanged();
  const confirming = useSubmission({ mutationFn: confirmTotp });
  const codes = confirming.data?.recovery_codes;
  const done = () => {
    if (codes) {
      said(t("factor.turnedOn"));
      void changed();
    }
    onClose();
  };
  return (
    <Modal
      opened
      onClose={done}
      title={t(codes ? "factor.codesTitle" : "factor.setUpTitle")}
      size={540}
      closeOnClickOutside={false}
      closeOnEscape={!codes}
      withCloseButton={!codes}
    >
      {codes ? <RecoveryCodes codes={codes} onDone={done} /> : <SetUp confirming={confirming} onCancel={onClose} />}
    </Modal>
  );
}

interface SetUpProps {
  confirming: { submit: (code: string) => void; error: Error | null; isPending: boolean };
  onCancel: () => void;
}

function SetUp({ confirming, onCancel }: SetUpProps) {
  // A new secret each time that the dialog opens; coming back to the window must not make another.
  const { data, error, refetch } = useQuery({
    queryKey: ["security", "totp-setup"],
    queryFn: beginTotp,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton h={320} />;
  return <CodeForm setup={data} confirming={confirming} onCancel={onCancel} />;
}

function CodeForm({ setup, confirming, onCancel }: SetUpProps & { setup: TotpSetup }) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const form = useForm({
    initialValues: { code: "" },
    validate: { code: (value) => (value.trim() ? null : t("factor.codeMissing")) },
  });
  const faults = faultsByField(confirming.error);
  return (
    <form noValidate onSubmit={form.onSubmit(({ code }) => confirming.submit(code.trim()))}>
      <Stack gap="md">
        {confirming.error && !faults.code && <Refusal error={confirming.error} />}
        <Text size="sm">{t("factor.scan")}</Text>
        <div className={classes.qr}>
          <img src={setup.qr} alt={t("factor.qr")} width={180} height={180} />
        </div>
        <div>
          <Text size="sm" mb={4}>
            {t("factor.byHand")}
          </Text>
          <CopyText text={setup.secret} shown={setup.secret.replace(/(.{4})(?=.)/g, "$1 ")} />
        </div>
        <TextInput
          label={t("factor.code")}
          autoComplete="one-time-code"
          inputMode="numeric"
          data-autofocus
          maw={220}
          {...form.getInputProps("code")}
          error={form.errors.code ?? faults.code}
        />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onCancel}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={confirming.isPending}>
            {t("factor.confirm")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
