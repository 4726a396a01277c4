import { RingProgress, Title, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { IconStack2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { isUnderWay } from "@/api/jobs";
import type { Job } from "@/api/types";
import { useCommands } from "../commands";
import { HeaderPanel } from "../HeaderPanel";
import { EmptyState } from "../states";
import { announce } from "./announce";
import { JobRow } from "./JobRow";
import classes from "./Jobs.module.css";
import { useJobActs, useLiveJobs } from "./useJobs";

/** How far all that is under way is together, in percent; some of what is not known yet. */
function shareOf(jobs: Job[]): number {
  const total = jobs.reduce((sum, job) => sum + Math.max(job.total ?? 0, job.done, 1), 0);
  const done = jobs.reduce((sum, job) => sum + (job.total === null ? 0 : job.done), 0);
  return Math.max(4, (100 * done) / Math.max(total, 1));
}

/** What goes on in the background, on whatever page one is: how far it is, what came of it, and the way back. */
export function JobTray() {
  const { t } = useTranslation("jobs");
  const navigate = useNavigate();
  const [opened, { open, close, toggle }] = useDisclosure();
  const { cancel, undo, busy } = useJobActs();
  const openImport = (importId: string) => {
    close();
    void navigate({ to: `/contacts/imports/${importId}` as "/contacts" });
  };
  const jobs = useLiveJobs((job) => !opened && announce(job, { undo, openImport }));
  useCommands([{ id: "go.jobs", group: "go", title: t("title"), keys: "g j", run: open }]);

  const open_ = jobs?.filter(isUnderWay) ?? [];
  const button = (
    <UnstyledButton
      className={classes.button}
      onClick={toggle}
      aria-label={open_.length > 0 ? t("openBusy", { count: open_.length }) : t("open")}
      aria-haspopup="dialog"
      aria-expanded={opened}
      data-busy={open_.length > 0 || undefined}
    >
      {open_.length > 0 ? (
        <RingProgress size={22} thickness={3} sections={[{ value: shareOf(open_), color: "accent" }]} aria-hidden />
      ) : (
        <IconStack2 size={18} stroke={1.6} />
      )}
    </UnstyledButton>
  );
  const panel = (
    <div className={classes.panel}>
      <div className={classes.head}>
        <Title order={2}>{t("title")}</Title>
      </div>
      {/* A region that scrolls has to be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes.scroll} role="region" aria-label={t("list")} tabIndex={0} data-autofocus>
        {jobs?.length === 0 && <EmptyState icon={IconStack2} title={t("empty")} why={t("emptyWhy")} />}
        <ul className={classes.list}>
          {jobs?.map((job) => (
            <li key={job.id}>
              <JobRow
                job={job}
                busy={busy(job)}
                onCancel={() => cancel(job)}
                onUndo={() => undo(job)}
                onImport={openImport}
              />
            </li>
          ))}
        </ul>
      </div>
    </div>
  );

  // Nothing to show before there was any work.
  if (!jobs || (jobs.length === 0 && !opened)) return null;
  return (
    <HeaderPanel
      title={t("title")}
      button={button}
      panel={panel}
      opened={opened}
      onClose={close}
      classNames={classes}
    />
  );
}
