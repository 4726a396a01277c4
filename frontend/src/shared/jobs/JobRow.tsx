import { Anchor, Button, Progress, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCheck,
  IconDownload,
  IconLoader2,
  IconPlayerStop,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { isUnderWay } from "@/api/jobs";
import type { Job } from "@/api/types";
import { useFormat } from "../format";
import { Sign } from "../happened";
import type { Tone } from "../marks";
import { When } from "../When";
import classes from "./Jobs.module.css";
import { useAbout } from "./useAbout";
import { useStandsStill } from "./useStandsStill";
import { errorOf, isUndoable, outcomeOf, reasonsOf, titleOf } from "./words";

const LOOKS: Record<Job["state"], [typeof IconCheck, Tone]> = {
  queued: [IconLoader2, "neutral"],
  running: [IconLoader2, "accent"],
  undoing: [IconArrowBackUp, "accent"],
  done: [IconCheck, "positive"],
  undone: [IconArrowBackUp, "neutral"],
  cancelled: [IconPlayerStop, "neutral"],
  failed: [IconAlertTriangle, "danger"],
};

interface Props {
  job: Job;
  busy: boolean;
  onCancel: () => void;
  onUndo: () => void;
  onImport: (importId: string) => void;
}

/** One piece of work: what it is, how far or what came of it, and what can be done about it. */
export function JobRow({ job, busy, onCancel, onUndo, onImport }: Props) {
  const { t } = useTranslation("jobs");
  const what = titleOf(job);
  const [icon, tone] = LOOKS[job.state];
  const { import_id: importId } = job;
  return (
    <div className={classes.row}>
      <Sign icon={icon} tone={tone} size={28} />
      <div className={classes.text}>
        <div className={classes.line}>
          <Text size="sm" fw={500} className={classes.what}>
            {what}
          </Text>
          <Text span size="xs" c="dimmed" className={classes.when}>
            <When at={job.finished_at ?? job.created_at} />
          </Text>
        </div>
        {isUnderWay(job) ? <Under job={job} what={what} /> : <Over job={job} />}
        <div className={classes.acts}>
          {job.result_url && (
            <Anchor href={job.result_url} download size="xs" fw={500} className={classes.act}>
              <IconDownload size={14} /> {t("download")}
            </Anchor>
          )}
          {importId && (
            <Button size="compact-xs" variant="subtle" onClick={() => onImport(importId)}>
              {t("seeImport")}
            </Button>
          )}
          {job.errors_url && (
            <Anchor href={job.errors_url} download size="xs" fw={500} className={classes.act}>
              <IconDownload size={14} /> {t("downloadRows")}
            </Anchor>
          )}
          {(job.state === "queued" || job.state === "running") && (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              loading={busy}
              aria-label={t("cancelOf", { what })}
              onClick={onCancel}
            >
              {t("cancel")}
            </Button>
          )}
          {isUndoable(job) && (
            <Button
              size="compact-xs"
              variant="subtle"
              loading={busy}
              aria-label={t("undoOf", { what })}
              onClick={onUndo}
            >
              {t("undo")}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

function Under({ job, what }: { job: Job; what: string }) {
  const { t } = useTranslation("jobs");
  const { number } = useFormat();
  const known = job.total !== null && job.total > 0;
  const about = useAbout(job);
  const waiting = job.state === "queued" && job.done === 0;
  const stands = useStandsStill(job.done) && !waiting;
  const share = known ? Math.min(100, (100 * job.done) / (job.total ?? 1)) : 100;
  const far = known
    ? t("progress", { done: number(job.done), total: number(Math.max(job.total ?? 0, job.done)) })
    : t("soFar", { done: number(job.done) });
  return (
    <>
      <Progress.Root size={4} mt={6} mb={4}>
        <Progress.Section
          value={share}
          striped={!known}
          animated={!known}
          aria-label={t("progressOf", { what })}
          {...(known ? {} : { "aria-valuetext": far })}
        />
      </Progress.Root>
      <Text size="xs" c="dimmed" className={classes.figures}>
        {[about, waiting ? t("waiting") : far].filter(Boolean).join(" · ")}
      </Text>
      {stands && (
        <Text size="xs" c="dimmed" role="status">
          {t("stands")}
        </Text>
      )}
    </>
  );
}

function Over({ job }: { job: Job }) {
  const error = errorOf(job);
  const reasons = reasonsOf(job);
  const outcome = [useAbout(job), ...outcomeOf(job)].filter(Boolean).join(" · ");
  return (
    <>
      {error && <Text size="xs">{error}</Text>}
      {outcome && (
        <Text size="xs" c="dimmed" className={classes.figures}>
          {outcome}
        </Text>
      )}
      {reasons.length > 0 && (
        <Text size="xs" c="dimmed">
          {reasons.join(", ")}
        </Text>
      )}
    </>
  );
}
