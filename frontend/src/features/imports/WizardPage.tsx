import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "@/api/errors";
import { discardImport, importLimitsQuery, importQuery } from "@/api/imports";
import type { ContactImport, ImportLimits } from "@/api/types";
import { failed } from "@/shared/feedback";
import { AnchorLink } from "@/shared/links";
import { Page, PageHeader } from "@/shared/Page";
import { phoneCountry } from "@/shared/phone";
import { useMe } from "@/shared/session";
import { ErrorState } from "@/shared/states";
import { useSubmission } from "@/shared/submission";
import { type Draft, forgetDraft, keepDraft, keptDraft, suggestedDraft } from "./draft";
import classes from "./Wizard.module.css";
import { MatchStep } from "./MatchStep";
import { PreviewStep } from "./PreviewStep";
import { stepOf, type WizardSearch } from "./search";
import { Steps } from "./Steps";
import { UploadStep } from "./UploadStep";

/** The way of a file into the contacts: upload, match, look, run. Where one is, the URL says. */
export function WizardPage({ search }: { search: WizardSearch }) {
  const { t } = useTranslation("imports");
  const step = stepOf(search);
  const top = useRef<HTMLDivElement>(null);
  const first = useRef(true);
  useEffect(() => {
    // The focus comes to what is new, once somebody has moved on.
    if (!first.current) top.current?.focus({ preventScroll: true });
    first.current = false;
    window.scrollTo(0, 0);
  }, [step]);
  return (
    <Page>
      <PageHeader
        title={t("wizard.title")}
        above={
          <AnchorLink size="sm" c="dimmed" to="/contacts/imports">
            {t("title")}
          </AnchorLink>
        }
      />
      <div className={classes.wizard}>
        <Steps step={step} fileId={search.import} />
        <div ref={top} tabIndex={-1} className={classes.step} role="group" aria-label={t(`wizard.${step}`)}>
          {search.import ? <WithFile key={search.import} id={search.import} step={step} /> : <UploadStep />}
        </div>
      </div>
    </Page>
  );
}

function WithFile({ id, step }: { id: string; step: "upload" | "match" | "preview" }) {
  const file = useQuery({ ...importQuery(id), retry: (count, error) => !isProblem(error, "not_found") && count < 2 });
  const limits = useQuery(importLimitsQuery());
  const error = file.error ?? limits.error;
  if (file.data && limits.data) {
    // Once it was started there is nothing to say any more.
    if (file.data.state !== "uploaded")
      return <Navigate to="/contacts/imports/$importId" params={{ importId: id }} replace />;
    return <Saying file={file.data} limits={limits.data} step={step} />;
  }
  if (error) return <ErrorState error={error} retry={() => void Promise.all([file.refetch(), limits.refetch()])} />;
  return (
    <Stack gap={12} aria-busy="true">
      <Skeleton h={36} />
      <Skeleton h={280} />
    </Stack>
  );
}

interface SayingProps {
  file: ContactImport;
  limits: ImportLimits;
  step: "upload" | "match" | "preview";
}

function Saying({ file, limits, step }: SayingProps) {
  const navigate = useNavigate();
  const me = useMe();
  const [draft, setDraft] = useState<Draft>(
    () => keptDraft(file.id) ?? suggestedDraft(file, phoneCountry(me?.culture)),
  );
  const change = (changed: Draft) => {
    setDraft(changed);
    keepDraft(file.id, changed);
  };
  const discarding = useSubmission({
    mutationFn: () => discardImport(file.id),
    onSuccess: () => {
      forgetDraft(file.id);
      return navigate({ to: "/contacts/imports/new" });
    },
    onError: failed,
  });
  if (step === "preview") return <PreviewStep file={file} draft={draft} onDraft={change} />;
  return <MatchStep file={file} limits={limits} draft={draft} onDraft={change} onDiscard={() => discarding.submit()} />;
}
