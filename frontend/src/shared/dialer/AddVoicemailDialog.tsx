import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { addVoicemail, voicemailsQuery } from "@/api/dialer";
import { faultsByField } from "@/api/errors";
import { Refusal } from "../EditSection";
import { said } from "../feedback";
import { useSubmission } from "../submission";
import { type Recording, RecordingField } from "./RecordingField";
import { suggestedName } from "./suggestedName";

const MEBIBYTE = 1024 * 1024;
const MOST_MEBIBYTES = 10;

/** A recording that is chosen, heard, named, and kept. */
export function AddVoicemailDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("account");
  return (
    <Modal opened onClose={onClose} title={t("dialer.add")} size={460} closeOnClickOutside={false}>
      <AddVoicemailForm onClose={onClose} />
    </Modal>
  );
}

function AddVoicemailForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const [recording, setRecording] = useState<Recording | null>(null);
  const [fault, setFault] = useState<string>();
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: (name) => (name.trim() ? null : common("form.required")) },
  });
  useEffect(() => {
    const url = recording?.url;
    return () => (url ? URL.revokeObjectURL(url) : undefined);
  }, [recording?.url]);
  const adding = useSubmission({
    mutationFn: addVoicemail,
    onSuccess: async ({ name }) => {
      await queryClient.invalidateQueries({ queryKey: voicemailsQuery().queryKey });
      said(t("dialer.added", { name }));
      onClose();
    },
    onError: (error) => {
      const { file, ...faults } = faultsByField(error);
      setFault(file);
      form.setErrors(faults);
    },
  });
  const choose = (file: File) => {
    setRecording({ file, url: URL.createObjectURL(file) });
    setFault(file.size > MOST_MEBIBYTES * MEBIBYTE ? t("dialer.tooLarge", { maximum: MOST_MEBIBYTES }) : undefined);
    if (!form.isTouched("name") || !form.values.name.trim()) form.setValues({ name: suggestedName(file.name) });
    form.resetTouched();
  };
  const add = ({ name }: { name: string }) => {
    if (!recording) setFault(t("dialer.fileMissing"));
    else if (!fault) adding.submit({ name: name.trim(), file: recording.file });
  };
  const unplaced = adding.error && Object.keys(faultsByField(adding.error)).length === 0;
  return (
    <form noValidate onSubmit={form.onSubmit(add, () => !recording && setFault(t("dialer.fileMissing")))}>
      <Stack gap="md">
        {unplaced && <Refusal error={adding.error} />}
        <RecordingField recording={recording} fault={fault} onChoose={choose} />
        <TextInput
          label={t("dialer.name")}
          placeholder={t("dialer.example")}
          withAsterisk
          maxLength={120}
          {...form.getInputProps("name")}
        />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={adding.isPending}>
            {t("dialer.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
