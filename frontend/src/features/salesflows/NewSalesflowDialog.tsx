import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { faultsByField } from "@/api/errors";
import { createSalesflow, renameSalesflow, salesflowQuery } from "@/api/salesflows";
import { Refusal } from "@/shared/EditSection";
import { useSubmission } from "@/shared/submission";

interface NameProps {
  title: string;
  submit: string;
  name?: string;
  onSubmit: (name: string) => Promise<unknown>;
  onClose: () => void;
}

function NameDialog({ title, submit, name = "", onSubmit, onClose }: NameProps) {
  const { t } = useTranslation("salesflows");
  const { t: common } = useTranslation();
  const form = useForm({
    initialValues: { name },
    validate: { name: (value) => (value.trim() ? null : common("form.required")) },
  });
  const saving = useSubmission({
    mutationFn: onSubmit,
    onError: (error) => form.setErrors(faultsByField(error)),
  });
  const unplaced = saving.error && !faultsByField(saving.error).name;
  return (
    <Modal opened onClose={onClose} title={title} size={440}>
      <form noValidate onSubmit={form.onSubmit((values) => saving.submit(values.name.trim()))}>
        <Stack gap="md">
          {unplaced && <Refusal error={saving.error} />}
          <TextInput
            label={t("column.name")}
            placeholder={t("new.example")}
            withAsterisk
            data-autofocus
            {...form.getInputProps("name")}
          />
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

export function NewSalesflowDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("salesflows");
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const create = async (name: string) => {
    const flow = await createSalesflow(name);
    void queryClient.invalidateQueries({ queryKey: ["salesflows", "list"] });
    await navigate({ to: "/content/salesflows/$salesflowId", params: { salesflowId: flow.id } });
  };
  return <NameDialog title={t("new.title")} submit={t("new.create")} onSubmit={create} onClose={onClose} />;
}

interface RenameProps {
  salesflow: { id: string; name: string };
  onClose: () => void;
}

export function RenameDialog({ salesflow, onClose }: RenameProps) {
  const { t } = useTranslation("salesflows");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const rename = async (name: string) => {
    await renameSalesflow(salesflow.id, name);
    const { queryKey } = salesflowQuery(salesflow.id);
    queryClient.setQueryData(queryKey, (now) => now && { ...now, name });
    await queryClient.invalidateQueries({ queryKey: ["salesflows"] });
    onClose();
  };
  return (
    <NameDialog
      title={t("rename")}
      submit={common("action.save")}
      name={salesflow.name}
      onSubmit={rename}
      onClose={onClose}
    />
  );
}
