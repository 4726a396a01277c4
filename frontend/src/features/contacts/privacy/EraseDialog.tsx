import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { eraseContact } from "@/api/people";
import type { Contact } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { useJobStarted } from "@/shared/jobs/useJobs";
import { useSubmission } from "@/shared/submission";

interface Props {
  contact: Contact;
  onClose: () => void;
}

/** Asks for the name to be typed: nothing brings an erased person back. */
export function EraseDialog({ contact, onClose }: Props) {
  const { t } = useTranslation("people");
  return (
    <Modal opened onClose={onClose} title={t("privacy.eraseTitle", { name: contact.name })} size={480}>
      <EraseForm contact={contact} onClose={onClose} />
    </Modal>
  );
}

function EraseForm({ contact, onClose }: Props) {
  const { t } = useTranslation("people");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const began = useJobStarted();
  const [typed, setTyped] = useState("");
  const { name } = contact;
  const same = typed.trim().toLocaleLowerCase() === name.trim().toLocaleLowerCase();
  const erasing = useSubmission({
    mutationFn: () => eraseContact(contact.id),
    onSuccess: async (job) => {
      await navigate({ to: "/contacts" });
      queryClient.removeQueries({ queryKey: ["contacts", "one", contact.id] });
      void queryClient.invalidateQueries({ queryKey: ["contacts", "list"] });
      began(job);
      said(t("privacy.erased", { name }));
    },
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (same) erasing.submit();
      }}
    >
      <Stack gap={16}>
        {erasing.error && <Refusal error={erasing.error} />}
        <Text size="sm">{t("privacy.eraseBody")}</Text>
        <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />}>
          {t("privacy.eraseNever")}
        </Alert>
        <TextInput
          data-autofocus
          autoComplete="off"
          label={t("privacy.eraseType", { name })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" color="red" disabled={!same} loading={erasing.isPending}>
            {t("privacy.eraseConfirm")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
