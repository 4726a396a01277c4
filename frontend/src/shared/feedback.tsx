import { Button, Group, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { IconAlertCircle, IconCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { isProblem } from "@/api/errors";
import { i18next } from "@/app/i18n";
import { explain } from "./explain";

/** Says that something was done. */
export function said(message: string): void {
  notifications.show({ message, icon: <IconCheck size={16} />, color: "teal", autoClose: 4_000 });
}

/** Says that something was not done, why, and what to do; not to somebody who has just turned away himself. */
export function failed(error: unknown): void {
  if (isProblem(error, "confirmation_required")) return;
  const { title, detail, requestId } = explain(error);
  notifications.show({
    title,
    message: (
      <>
        {detail}
        {requestId && (
          <Text size="xs" c="dimmed" mt={4}>
            {i18next.t("error.requestId", { id: requestId })}
          </Text>
        )}
      </>
    ),
    icon: <IconAlertCircle size={16} />,
    color: "red",
    autoClose: 10_000,
  });
}

/** Says that something was done that can be taken back for eight seconds. */
export function undoable(message: string, undo: () => void): void {
  const id = notifications.show({
    autoClose: 8_000,
    withCloseButton: true,
    closeButtonProps: { "aria-label": i18next.t("action.close") },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          {i18next.t("action.undo")}
        </Button>
      </Group>
    ),
  });
}

interface Question {
  title: string;
  body: ReactNode;
  confirm: string;
  danger?: boolean;
}

/** Asks before what can't be taken back, or reaches people. */
export function confirmed({ title, body, confirm, danger = false }: Question): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title,
      children: <Text size="sm">{body}</Text>,
      labels: { confirm, cancel: i18next.t("action.cancel") },
      confirmProps: danger ? { color: "red" } : {},
      cancelProps: { variant: "default" },
      onConfirm: () => resolve(true),
      onCancel: () => resolve(false),
      onClose: () => resolve(false),
    });
  });
}
