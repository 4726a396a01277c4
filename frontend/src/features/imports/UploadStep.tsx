import { Alert, Button, FileButton, Progress, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconFileSpreadsheet, IconUpload } from "@tabler/icons-react";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem, NETWORK_LOST } from "@/api/errors";
import { importLimitsQuery } from "@/api/imports";
import type { ImportLimits } from "@/api/types";
import { explain } from "@/shared/explain";
import { useFormat } from "@/shared/format";
import { ErrorState } from "@/shared/states";
import { megabytes, useSize } from "./sizes";
import classes from "./Upload.module.css";
import { type Upload, useUpload } from "./useUpload";

const KINDS = ".csv,.tsv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Where a file is dropped or chosen. What it may be is said before. */
export function UploadStep() {
  const { data: limits, error, refetch } = useQuery(importLimitsQuery());
  if (error && !limits) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!limits) return <Skeleton h={240} radius="lg" aria-busy="true" />;
  return <Choosing limits={limits} />;
}

function Choosing({ limits }: { limits: ImportLimits }) {
  const { t } = useTranslation("imports");
  const navigate = useNavigate();
  const upload = useUpload(({ id }) => void navigate({ to: "/contacts/imports/new", search: { import: id } }));
  const [over, setOver] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const reset = useRef<() => void>(null);
  const isBusy = upload.share !== null;
  const choose = (file: File | null | undefined) => {
    // The same file can be chosen again once it is mended.
    reset.current?.();
    if (!file || isBusy) return;
    const refused = tooLarge(file, limits);
    setFault(refused ? t(`upload.${refused.reason}`, { maximum: refused.maximum }) : null);
    if (!refused) upload.send(file);
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    choose(event.dataTransfer.files[0]);
  };
  const hovered = (event: DragEvent) => {
    event.preventDefault();
    setOver(!isBusy);
  };
  return (
    <>
      <div
        role="group"
        aria-label={t("upload.label")}
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={hovered}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        {isBusy ? (
          <UnderWay upload={upload} />
        ) : (
          <>
            <IconUpload size={24} stroke={1.5} aria-hidden />
            <Text>{t("upload.drop")}</Text>
            <FileButton accept={KINDS} onChange={choose} resetRef={reset}>
              {(props) => <Button {...props}>{t("upload.choose")}</Button>}
            </FileButton>
            <Limits limits={limits} />
          </>
        )}
      </div>
      {fault && (
        <Alert role="alert" color="red" variant="light" mt={12} title={t("upload.refused")}>
          <Text size="sm">{fault}</Text>
        </Alert>
      )}
      {!fault && Boolean(upload.error) && <Failure upload={upload} />}
      <Hints />
    </>
  );
}

function tooLarge({ name, size }: File, limits: ImportLimits) {
  const isWorkbook = /\.xlsx$/i.test(name);
  const most = isWorkbook ? limits.workbook_bytes : limits.bytes;
  if (size <= most) return null;
  return { reason: isWorkbook ? "workbookTooLarge" : "tooLarge", maximum: megabytes(most) } as const;
}

function Limits({ limits }: { limits: ImportLimits }) {
  const { t } = useTranslation("imports");
  const { number } = useFormat();
  return (
    <Text size="sm" c="dimmed" ta="center" maw={460}>
      {t("upload.limits", {
        rows: number(limits.rows),
        columns: number(limits.columns),
        megabytes: number(megabytes(limits.bytes)),
        workbook: number(megabytes(limits.workbook_bytes)),
      })}
    </Text>
  );
}

function UnderWay({ upload: { file, share, stop } }: { upload: Upload }) {
  const { t } = useTranslation("imports");
  const size = useSize(file?.size ?? 0);
  const sent = share ?? 0;
  return (
    <div className={classes.underWay}>
      <div className={classes.file}>
        <IconFileSpreadsheet size={20} stroke={1.5} aria-hidden />
        <span className={classes.name}>{file?.name}</span>
        <span className={classes.quiet}>{size}</span>
      </div>
      <Progress
        value={100 * sent}
        size={6}
        aria-label={t("upload.progress")}
        striped={sent >= 1}
        animated={sent >= 1}
      />
      <div className={classes.line}>
        <Text size="sm" c="dimmed" aria-live="polite">
          {sent < 1 ? t("upload.sending", { percent: Math.floor(100 * sent) }) : t("upload.looking")}
        </Text>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={stop}>
          {t("upload.stop")}
        </Button>
      </div>
    </div>
  );
}

/** What was refused has to be mended; what was lost on the way can be sent again as it is. */
function Failure({ upload: { error, file, again } }: { upload: Upload }) {
  const { t } = useTranslation("imports");
  const { t: common } = useTranslation();
  const lost = isProblem(error, NETWORK_LOST);
  const { detail, requestId } = explain(error);
  const mended = isProblem(error) && error.status >= 400 && error.status < 500 && !isIncomplete(error.faults);
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      mt={12}
      title={lost ? t("upload.lost") : t("upload.failed", { name: file?.name ?? "" })}
    >
      <Text size="sm">{lost ? t("upload.lostWhy") : detail}</Text>
      {requestId && !mended && (
        <Text size="xs" c="dimmed">
          {common("error.requestId", { id: requestId })}
        </Text>
      )}
      {!mended && (
        <Button mt={8} size="compact-sm" variant="default" onClick={again}>
          {common("action.retry")}
        </Button>
      )}
    </Alert>
  );
}

const isIncomplete = (faults: { code: string }[]) => faults.some(({ code }) => code === "incomplete");

function Hints() {
  const { t } = useTranslation("imports");
  return (
    <ul className={classes.hints}>
      <li>{t("upload.hintHeader")}</li>
      <li>{t("upload.hintNames")}</li>
      <li>{t("upload.hintSafe")}</li>
    </ul>
  );
}
