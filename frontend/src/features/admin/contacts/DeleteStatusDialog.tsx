import { Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { deleteStatus } from "@/api/contactAdmin";
import type { ContactStatus } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { useJobStarted } from "@/shared/jobs/useJobs";
import { StatusDot } from "@/shared/marks";
import { useSubmission } from "@/shared/submission";
import { useStatusesChanged } from "./useStatusesChanged";

interface Props {
  status: ContactStatus;
  others: ContactStatus[];
  onClose: () => void;
}

/** Asks which status the contacts of the one that goes shall have. */
export function DeleteStatusDialog({ status, others, onClose }: Props) {
  const { t } = useTranslation("contactAdmin");
  const { t: common } = useTranslation();
  const changed = useStatusesChanged();
  const began = useJobStarted();
  const fallback = others.find(({ is_default }) => is_default) ?? others[0];
  const [otherId, setOtherId] = useState(fallback?.id ?? null);
  const other = others.find(({ id }) => id === otherId);
  const { label } = status;
  const deleting = useSubmission({
    mutationFn: () => deleteStatus(status.id, otherId ?? undefined),
    onSuccess: async (job) => {
      onClose();
      if (job) began(job);
      said(job ? t("status.replacing", { label, other: other?.label ?? "" }) : t("status.deleted", { label }));
      await changed();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t("status.deleteTitle", { label })} size={440}>
      <Stack gap={12}>
        {deleting.error && <Refusal error={deleting.error} />}
        <Text size="sm">{t("status.deleteBody")}</Text>
        <Select
          label={t("status.replaceWith")}
          data-autofocus
          allowDeselect={false}
          data={others.map(({ id, label: name }) => ({ value: id, label: name }))}
          value={otherId}
          onChange={setOtherId}
          leftSection={<StatusDot label="" color={other?.color} />}
          leftSectionWidth={26}
        />
        <Group gap={8} justify="flex-end" mt={4}>
          <Button variant="default" onClick={onClose}>
            {common("action.cancel")}
          </Button>
          <Button color="red" loading={deleting.isPending} onClick={() => deleting.submit()}>
            {t("status.confirm")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
