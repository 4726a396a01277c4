import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { faultsByField, isProblem } from "@/api/errors";
import { Refusal } from "@/shared/EditSection";
import { useSubmission } from "@/shared/submission";

interface Props {
  title: string;
  submit: string;
  name?: string;
  placeholder?: string;
  /** Said at the name when another one has it. */
  taken: string;
  onSubmit: (name: string) => Promise<unknown>;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks for a name, and whatever else belongs to it; closes when that was kept. */
export function NameDialog({ title, submit, name = "", placeholder, taken, onSubmit, onClose, children }: Props) {
  const { t } = useTranslation("directory");
  const { t: common } = useTranslation();
  const form = useForm({
    initialValues: { name },
    validate: { name: (value) => (value.trim() ? null : common("form.required")) },
  });
  const saving = useSubmission({
    mutationFn: onSubmit,
    onSuccess: onClose,
    onError: (error) => form.setErrors(isProblem(error, "already_exists") ? { name: taken } : faultsByField(error)),
  });
  const placed = isProblem(saving.error, "already_exists") || "name" in faultsByField(saving.error);
  return (
    <Modal opened onClose={onClose} title={title} size={440}>
      <form noValidate onSubmit={form.onSubmit((values) => saving.submit(values.name.trim()))}>
        <Stack gap="md">
          {saving.error && !placed && <Refusal error={saving.error} />}
          <TextInput
            label={t("name")}
            placeholder={placeholder}
            withAsterisk
            data-autofocus
            maxLength={120}
            {...form.getInputProps("name")}
          />
          {children}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {common("action.cancel")}
            </Button>
            <Button type="submit" loading={saving.isPending}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
