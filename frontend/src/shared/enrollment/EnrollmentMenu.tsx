import { ActionIcon, Menu } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconDotsVertical, IconPlayerPause, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { changeEnrollment, type EnrollmentAct } from "@/api/salesflows";
import { confirmed, failed, said, undoable } from "../feedback";

interface Props {
  enrollment: { id: string; state: string };
  salesflow: { id: string; name: string };
  contact: string;
}

/** Pause and resume can be taken back; stopping can't, so it asks first. */
export function EnrollmentMenu({ enrollment, salesflow, contact }: Props) {
  const { t } = useTranslation("enrollment");
  const queryClient = useQueryClient();
  const acting = useMutation({
    mutationFn: (act: EnrollmentAct) => changeEnrollment(salesflow.id, enrollment.id, act),
    onError: failed,
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ["salesflows"] }),
        queryClient.invalidateQueries({ queryKey: ["contacts"] }),
      ]),
  });
  const words = { contact, salesflow: salesflow.name };
  const pause = () =>
    acting.mutate("pause", { onSuccess: () => undoable(t("paused", words), () => acting.mutate("resume")) });
  const resume = () =>
    acting.mutate("resume", { onSuccess: () => undoable(t("resumed", words), () => acting.mutate("pause")) });
  const stop = async () => {
    const question = { title: t("stopTitle", words), body: t("stopBody", words), confirm: t("stop"), danger: true };
    if (await confirmed(question)) acting.mutate("stop", { onSuccess: () => said(t("stopped", words)) });
  };
  if (enrollment.state === "finished") return null;
  return (
    <Menu position="bottom-end" width={160}>
      <Menu.Target>
        <ActionIcon size="sm" loading={acting.isPending} aria-label={t("menu", words)}>
          <IconDotsVertical size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {enrollment.state === "active" ? (
          <Menu.Item leftSection={<IconPlayerPause size={15} />} onClick={pause}>
            {t("pause")}
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconPlayerPlay size={15} />} onClick={resume}>
            {t("resume")}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconPlayerStop size={15} />} onClick={() => void stop()}>
          {t("stop")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
