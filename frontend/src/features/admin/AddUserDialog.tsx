import { Button, Group, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { inviteUser } from "@/api/admin";
import { faultsByField, isProblem } from "@/api/errors";
import type { NewInvitation } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { useSubmission } from "@/shared/submission";
import { usersChanged } from "./userChanges";

const EMAIL = /^\S+@\S+\.\S+$/;

export function AddUserDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("admin");
  return (
    <Modal opened onClose={onClose} title={t("add.title")} size={460}>
      <AddUserForm onClose={onClose} />
    </Modal>
  );
}

function AddUserForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const form = useForm<NewInvitation>({
    initialValues: { role: "contributor", email: "", name: "" },
    validate: {
      email: (value) =>
        !value.trim() ? common("form.required") : EMAIL.test(value.trim()) ? null : common("form.email"),
      name: (value) => (value.trim() ? null : common("form.required")),
    },
  });
  const inviting = useSubmission({
    mutationFn: (values: NewInvitation) =>
      inviteUser({ ...values, email: values.email.trim(), name: values.name.trim() }),
    onSuccess: ({ name, email }) => {
      said(t("add.done", { name, email }));
      void usersChanged(queryClient);
      onClose();
    },
    onError: (error) =>
      form.setErrors(isProblem(error, "already_exists") ? { email: t("add.taken") } : faultsByField(error)),
  });
  const placed = isProblem(inviting.error, "already_exists") || Object.keys(faultsByField(inviting.error)).length > 0;
  return (
    <form noValidate onSubmit={form.onSubmit((values) => inviting.submit(values))}>
      <Stack gap="md">
        {inviting.error && !placed && <Refusal error={inviting.error} />}
        <Radio.Group label={t("users.role")} {...form.getInputProps("role")}>
          <Stack gap={8} mt={4}>
            {(["administrator", "contributor"] as const).map((role) => (
              <Radio key={role} size="sm" value={role} label={common(`role.${role}`)} description={t(`add.${role}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <TextInput
          label={t("users.email")}
          type="email"
          autoComplete="off"
          withAsterisk
          data-autofocus
          {...form.getInputProps("email")}
        />
        <TextInput label={t("users.name")} autoComplete="off" withAsterisk {...form.getInputProps("name")} />
        <Text size="xs" c="dimmed">
          {t("add.mail")}
        </Text>
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={inviting.isPending}>
            {t("add.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
