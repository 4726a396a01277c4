import { Alert, Button, Progress, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { isProblem } from "@/api/errors";
import { importQuery, isUnderWay, undoImport } from "@/api/imports";
import { cancelJob, jobsQuery } from "@/api/jobs";
import type { ContactImport } from "@/api/types";
import { confirmed, failed } from "@/shared/feedback";
import { useFormat } from "@/shared/format";
import { useStandsStill } from "@/shared/jobs/useStandsStill";
import { AnchorLink } from "@/shared/links";
import { Mark } from "@/shared/marks";
import { Page, PageHeader } from "@/shared/Page";
import { ErrorState } from "@/shared/states";
import { useSubmission } from "@/shared/submission";
import { Facts } from "./Facts";
import classes from "./Imports.module.css";
import { Result } from "./Result";
import { percentOf, toneOf } from "./states";

/** An import: how far it is, what came of it, and the way back. */
export function ImportPage({ importId }: { importId: string }) {
  const { t } = useTranslation("imports");
  const { data, error, refetch } = useQuery({
    ...importQuery(importId),
    retry: (count, failure) => !isProblem(failure, "not_found") && count < 2,
  });
  const above = (
    <AnchorLink size="sm" c="dimmed" to="/contacts/imports">
      {t("title")}
    </AnchorLink>
  );
  if (data?.state === "uploaded") return <Navigate to="/contacts/imports/new" search={{ import: importId }} replace />;
  if (!data) {
    return (
      <Page>
        <PageHeader title={t("one")} above={above} />
        {error ? <ErrorState error={error} retry={() => void refetch()} /> : <Waiting />}
      </Page>
    );
  }
  return (
    <Page>
      <div className={classes.import}>
        <PageHeader
          title={data.name}
          above={above}
          beside={<Mark tone={toneOf(data)}>{t(`state.${data.state}`)}</Mark>}
          actions={<Actions file={data} />}
        />
        {isUnderWay(data) && <UnderWay file={data} />}
        <Ending file={data} />
        <Result file={data} />
        <Facts file={data} />
      </div>
    </Page>
  );
}

function Waiting() {
  return (
    <Stack gap={16} aria-busy="true">
      <Skeleton h={72} />
      <Skeleton h={140} />
    </Stack>
  );
}

function UnderWay({ file }: { file: ContactImport }) {
  const { t } = useTranslation("imports");
  const { number } = useFormat();
  const percent = percentOf(file);
  const going = file.state === "undoing" ? "undoing" : file.done ? "running" : "starting";
  const stands = useStandsStill(file.done) && going !== "starting";
  const rows = { done: number(file.done), total: number(file.total) };
  return (
    <section className={classes.card} aria-label={t("progress")}>
      <Text size="sm" role="status">
        {t(going, rows)}
      </Text>
      <Progress value={percent ?? 0} size={8} mt={8} aria-label={t("progressOf", { name: file.name })} />
      <Text size="sm" c="dimmed" mt={8}>
        {stands ? t("stands") : t("leave")}
      </Text>
    </section>
  );
}

/** Why it did not come to its end, and what became of what was taken back. */
function Ending({ file }: { file: ContactImport }) {
  const { t, i18n } = useTranslation("imports");
  if (file.state === "failed") {
    const known = i18n.exists(`error.${file.error}`, { ns: "imports" }) ? (file.error as "other") : "other";
    return (
      <Alert color="red" variant="light" role="alert" title={t("failedTitle")}>
        <Text size="sm">{t(`error.${known}`)}</Text>
      </Alert>
    );
  }
  if (file.state === "cancelled") {
    return (
      <Alert color="yellow" variant="light" title={t("cancelledTitle")}>
        <Text size="sm">{t("cancelledWhy")}</Text>
      </Alert>
    );
  }
  if (file.state !== "undone" || !file.taken_back) return null;
  const { removed, restored, kept } = file.taken_back;
  return (
    <Alert color="gray" variant="light" role="status" title={t("undoneTitle")}>
      <Text size="sm">
        {[
          ...(removed || !restored ? [t("undone.removed", { count: removed })] : []),
          ...(restored ? [t("undone.restored", { count: restored })] : []),
          ...(kept ? [t("undone.kept", { count: kept })] : []),
        ].join(" ")}
      </Text>
    </Alert>
  );
}

function Actions({ file }: { file: ContactImport }) {
  const { t } = useTranslation("imports");
  const queryClient = useQueryClient();
  const known = (changed?: ContactImport) => {
    if (changed) queryClient.setQueryData(importQuery(file.id).queryKey, changed);
    void queryClient.invalidateQueries({ queryKey: ["imports"] });
    void queryClient.invalidateQueries({ queryKey: jobsQuery().queryKey });
  };
  const undoing = useSubmission({ mutationFn: () => undoImport(file.id), onSuccess: known, onError: failed });
  const stopping = useSubmission({
    mutationFn: () => cancelJob(file.job_id ?? ""),
    onSuccess: () => known(),
    onError: failed,
  });
  const undo = async () => {
    const { created, updated } = file.counts;
    const body = [
      ...(created ? [t("undo.created", { count: created })] : []),
      ...(updated ? [t("undo.updated", { count: updated })] : []),
      t("undo.kept"),
    ];
    if (await confirmed({ title: t("undo.title"), body: body.join(" "), confirm: t("undo.confirm"), danger: true })) {
      undoing.submit();
    }
  };
  if (file.state === "running") {
    return (
      <Button variant="default" loading={stopping.isPending} onClick={() => stopping.submit()}>
        {t("stop")}
      </Button>
    );
  }
  return (
    <>
      {file.errors_url && file.state !== "undoing" && (
        <Button component="a" variant="default" href={file.errors_url} download>
          {t("errors", { count: file.counts.skipped + file.counts.failed })}
        </Button>
      )}
      {file.can_undo && (
        <Button variant="default" loading={undoing.isPending} onClick={() => void undo()}>
          {t("undo.button")}
        </Button>
      )}
    </>
  );
}
