import { Alert, Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { faultsByField } from "@/api/errors";
import { addPasskey, newPasskeyOptions } from "@/api/security";
import { Refusal } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { newPasskeyFrom } from "@/shared/signin/webauthn";
import { useSubmission } from "@/shared/submission";
import { browserOf } from "./browsers";
import { useSecurityChanged } from "./useSecurityChanged";

/** A name first, then the browser asks the person. */
export function NewPasskeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("account");
  return (
    <Modal opened onClose={onClose} title={t("passkeys.addTitle")} size={420} closeOnClickOutside={false}>
      <NewPasskeyForm onClose={onClose} />
    </Modal>
  );
}

function NewPasskeyForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const changed = useSecurityChanged();
  const form = useForm({
    initialValues: { name: browserOf(navigator.userAgent).system ?? "" },
    validate: { name: (value) => (value.trim() ? null : common("form.required")) },
  });
  const adding = useSubmission({
    mutationFn: async (name: string) => {
      const { challenge_id, options } = await newPasskeyOptions();
      return addPasskey({ challenge_id, name, credential: await newPasskeyFrom(options) });
    },
    onSuccess: async ({ name }) => {
      said(t("passkeys.added", { name }));
      onClose();
      await changed();
    },
    onError: (error) => form.setErrors(faultsByField(error)),
  });
  const { error } = adding;
  const byBrowser = error instanceof DOMException;
  const unplaced = error && !byBrowser && Object.keys(faultsByField(error)).length === 0;
  return (
    <form noValidate onSubmit={form.onSubmit(({ name }) => adding.submit(name.trim()))}>
      <Stack gap="md">
        {byBrowser && (
          <Alert color="red" variant="light" role="alert">
            {t(error.name === "InvalidStateError" ? "passkeys.exists" : "passkeys.failed")}
          </Alert>
        )}
        {unplaced && <Refusal error={error} />}
        <TextInput
          label={t("passkeys.name")}
          description={t("passkeys.nameWhy")}
          inputWrapperOrder={["label", "input", "error", "description"]}
          placeholder={t("passkeys.example")}
          maxLength={100}
          data-autofocus
          {...form.getInputProps("name")}
        />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={adding.isPending}>
            {t("passkeys.go")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
