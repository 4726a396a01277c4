import { Alert, Button, Group, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { faultsByField } from "@/api/errors";
import { removeTotp } from "@/api/security";
import { Refusal } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { useSubmission } from "@/shared/submission";
import { useSecurityChanged } from "./useSecurityChanged";

interface Props {
  /** By the organization: it would have to be set up again at once. */
  required: boolean;
  onClose: () => void;
}

/** The password makes sure that it is the person who turns it off. */
export function TurnOffDialog({ required, onClose }: Props) {
  const { t } = useTranslation("account");
  return (
    <Modal opened onClose={onClose} title={t("factor.turnOffTitle")} size={420}>
      <TurnOffForm required={required} onClose={onClose} />
    </Modal>
  );
}

function TurnOffForm({ required, onClose }: Props) {
  const { t } = useTranslation("account");
  const { t: auth } = useTranslation("auth");
  const { t: common } = useTranslation();
  const changed = useSecurityChanged();
  const form = useForm({
    initialValues: { password: "" },
    validate: { password: (value) => (value ? null : auth("passwordMissing")) },
  });
  const removing = useSubmission({
    mutationFn: removeTotp,
    onSuccess: async () => {
      said(t("factor.turnedOff"));
      onClose();
      await changed();
    },
    onError: (error) => form.setErrors(faultsByField(error)),
  });
  const unplaced = removing.error && Object.keys(faultsByField(removing.error)).length === 0;
  return (
    <form noValidate onSubmit={form.onSubmit(({ password }) => removing.submit(password))}>
      <Stack gap="md">
        <Text size="sm">{t("factor.turnOffBody")}</Text>
        {required && (
          <Alert color="yellow" variant="light">
            {t("factor.turnOffRequired")}
          </Alert>
        )}
        {unplaced && <Refusal error={removing.error} />}
        <PasswordInput
          label={auth("password")}
          autoComplete="current-password"
          data-autofocus
          visibilityToggleButtonProps={{ "aria-label": auth("showPassword"), tabIndex: 0 }}
          {...form.getInputProps("password")}
        />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" color="red" loading={removing.isPending}>
            {t("factor.turnOff")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
