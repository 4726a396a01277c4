import { Anchor, Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertCircle, IconCheck, IconPlayerStop } from "@tabler/icons-react";
import type { Job } from "@/api/types";
import { i18next } from "@/app/i18n";
import { useAbout } from "./useAbout";
import { errorOf, isUndoable, outcomeOf, reasonsOf, titleOf } from "./words";

const LOOKS = {
  done: { icon: <IconCheck size={16} />, color: "teal" },
  undone: { icon: <IconCheck size={16} />, color: "teal" },
  cancelled: { icon: <IconPlayerStop size={16} />, color: "gray" },
  failed: { icon: <IconAlertCircle size={16} />, color: "red" },
} as const;

interface Ways {
  undo: (job: Job) => void;
  openImport: (importId: string) => void;
}

/** Says that work in the background is over and what came of it, with what can be done about it now. */
export function announce(job: Job, { undo, openImport }: Ways): void {
  const id = `job-${job.id}`;
  const hide = () => notifications.hide(id);
  const { icon, color } = LOOKS[job.state as keyof typeof LOOKS];
  const after = (act: () => void) => () => {
    hide();
    act();
  };
  const importId = job.import_id;
  const small = { size: "compact-sm", variant: "subtle" } as const;
  hide();
  notifications.show({
    id,
    icon,
    color,
    title: titleOf(job),
    autoClose: job.result_url ? 30_000 : 10_000,
    closeButtonProps: { "aria-label": i18next.t("action.close") },
    message: (
      <Group justify="space-between" wrap="nowrap" gap={8} align="flex-end">
        <Outcome job={job} />
        <Group gap={4} wrap="nowrap">
          {job.result_url && (
            <Anchor href={job.result_url} download size="sm" fw={500} onClick={hide}>
              {i18next.t("download", { ns: "jobs" })}
            </Anchor>
          )}
          {importId && (
            <Button {...small} onClick={after(() => openImport(importId))}>
              {i18next.t("show", { ns: "jobs" })}
            </Button>
          )}
          {isUndoable(job) && (
            <Button {...small} onClick={after(() => undo(job))}>
              {i18next.t("undo", { ns: "jobs" })}
            </Button>
          )}
        </Group>
      </Group>
    ),
  });
}

function Outcome({ job }: { job: Job }) {
  const about = useAbout(job);
  const outcome = [about, ...outcomeOf(job)].filter(Boolean).join(" · ");
  const reasons = reasonsOf(job).join(", ");
  return (
    <Text size="sm">
      {errorOf(job) ?? outcome}
      {reasons && <br />}
      {reasons}
    </Text>
  );
}
