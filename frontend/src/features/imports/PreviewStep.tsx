import { Button, Skeleton, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { createList, listsQuery } from "@/api/directory";
import { importPreviewQuery, importQuery, startImport } from "@/api/imports";
import { jobsQuery } from "@/api/jobs";
import type { ContactImport, ImportPreviewRow } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { useFormat } from "@/shared/format";
import { ErrorState } from "@/shared/states";
import { useSubmission } from "@/shared/submission";
import { type Draft, forgetDraft, inputOf } from "./draft";
import classes from "./Wizard.module.css";
import { PreviewTable } from "./PreviewTable";

interface Props {
  file: ContactImport;
  draft: Draft;
  onDraft: (draft: Draft) => void;
}

/** The first rows as they would be kept, and the button that begins. */
export function PreviewStep({ file, draft, onDraft }: Props) {
  const { t } = useTranslation("imports");
  const { number } = useFormat();
  const navigate = useNavigate();
  const preview = useQuery(importPreviewQuery(file.id, inputOf(draft, file)));
  const starting = useStart(file, draft, onDraft);
  const rows = preview.data?.items;
  return (
    <>
      {preview.error && !rows && <ErrorState error={preview.error} retry={() => void preview.refetch()} />}
      {!rows && !preview.error && <Skeleton h={360} aria-busy="true" />}
      {rows && (
        <>
          <Verdict rows={rows} />
          <PreviewTable file={file} mapping={draft.mapping} rows={rows} />
        </>
      )}
      {Boolean(starting.error) && <Refusal error={starting.error} />}
      <div className={classes.footer}>
        <Button
          variant="default"
          onClick={() => void navigate({ to: "/contacts/imports/new", search: { import: file.id } })}
        >
          {t("preview.back")}
        </Button>
        <Button disabled={!rows} loading={starting.isPending} onClick={() => starting.submit()}>
          {t("preview.start", { count: file.detected.rows, rows: number(file.detected.rows) })}
        </Button>
      </div>
    </>
  );
}

/** Makes the list that was asked for, and begins. What was made is not made again by another try. */
function useStart(file: ContactImport, draft: Draft, onDraft: (draft: Draft) => void) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useSubmission({
    mutationFn: async () => {
      const name = draft.newList?.trim();
      let settled = draft;
      if (name) {
        settled = { ...draft, list: (await createList({ name })).id, newList: null };
        onDraft(settled);
        void queryClient.invalidateQueries({ queryKey: listsQuery().queryKey });
      }
      return startImport(file.id, inputOf(settled, file));
    },
    onSuccess: (started) => {
      forgetDraft(file.id);
      queryClient.setQueryData(importQuery(file.id).queryKey, started);
      void queryClient.invalidateQueries({ queryKey: ["imports", "list"] });
      void queryClient.invalidateQueries({ queryKey: jobsQuery().queryKey });
      return navigate({ to: "/contacts/imports/$importId", params: { importId: file.id } });
    },
  });
}

function Verdict({ rows }: { rows: ImportPreviewRow[] }) {
  const { t } = useTranslation("imports");
  const wrong = rows.filter(({ errors }) => errors.length > 0).length;
  const Icon = wrong ? IconAlertTriangle : IconCheck;
  return (
    <div className={classes.verdict} data-tone={wrong ? "caution" : "positive"}>
      <Icon size={16} stroke={1.8} aria-hidden />
      <Text size="sm" role="status">
        {wrong
          ? t("preview.someWrong", { count: wrong, of: rows.length })
          : t("preview.allRight", { count: rows.length })}
      </Text>
    </div>
  );
}
