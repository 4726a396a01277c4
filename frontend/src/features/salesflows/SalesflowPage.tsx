import { Skeleton, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "@/api/errors";
import { salesflowQuery } from "@/api/salesflows";
import type { SalesflowDetail } from "@/api/types";
import { EnrollDialog } from "@/shared/enroll/EnrollDialog";
import { AnchorLink } from "@/shared/links";
import { Page, PageHeader } from "@/shared/Page";
import { ErrorState } from "@/shared/states";
import { useStepsDraft } from "./draft";
import { EnrollmentsTab } from "./EnrollmentsTab";
import { SalesflowActions } from "./SalesflowActions";
import classes from "./Salesflows.module.css";
import { SalesflowStateMark } from "./SalesflowStateMark";
import { SaveBar } from "./SaveBar";
import { SALESFLOW_TABS, type SalesflowSearch, TO_CHECK } from "./search";
import { StatisticsTab } from "./StatisticsTab";
import { StepsTab } from "./StepsTab";
import { ToCheckLine } from "./ToCheck";
import { useSaveSteps } from "./useSaveSteps";

interface Props {
  salesflowId: string;
  search: SalesflowSearch;
}

export function SalesflowPage({ salesflowId, search }: Props) {
  const { data, error, refetch } = useQuery(salesflowQuery(salesflowId));
  if (error && !data) {
    if (isProblem(error) && error.status === 404) throw error;
    return <ErrorState error={error} retry={() => void refetch()} />;
  }
  return data ? <Loaded salesflow={data} search={search} /> : <SalesflowSkeleton />;
}

function Loaded({ salesflow, search }: { salesflow: SalesflowDetail; search: SalesflowSearch }) {
  const { t } = useTranslation("salesflows");
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const draft = useStepsDraft(salesflow.steps);
  const saving = useSaveSteps(salesflow.id, draft);
  const tab = search.tab ?? "steps";
  const show = (next: string | null) =>
    void navigate({
      to: "/content/salesflows/$salesflowId",
      params: { salesflowId: salesflow.id },
      search: next === "steps" ? {} : { tab: next as "contacts" },
    });
  return (
    <Page fill={tab === "contacts"}>
      <PageHeader
        title={salesflow.name}
        above={
          <>
            <span>{t("content")}</span>
            <span aria-hidden>/</span>
            <AnchorLink to="/content/salesflows" c="dimmed" size="sm">
              {t("title")}
            </AnchorLink>
          </>
        }
        beside={<SalesflowStateMark state={salesflow.state} />}
        actions={<SalesflowActions salesflow={salesflow} saving={saving} onAdd={() => setAdding(true)} />}
      />
      <ToCheckLine salesflow={salesflow} open={tab === "contacts" && search.state === TO_CHECK} />
      <Tabs value={tab} onChange={show} className={tab === "contacts" ? classes.pageTabs : classes.tabs}>
        <Tabs.List>
          {SALESFLOW_TABS.map((each) => (
            <Tabs.Tab key={each} value={each} aria-controls={undefined}>
              {t(`tab.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {tab === "steps" && (
        <StepsTab salesflow={salesflow} draft={draft} faults={saving.faults} onEdit={saving.forget} />
      )}
      {tab === "contacts" && <EnrollmentsTab salesflow={salesflow} search={search} onAdd={() => setAdding(true)} />}
      {tab === "statistics" && <StatisticsTab salesflowId={salesflow.id} />}
      <SaveBar draft={draft} saving={saving} saved={salesflow.steps} />
      {adding && (
        <EnrollDialog audience={{ contacts: [] }} salesflowId={salesflow.id} onClose={() => setAdding(false)} />
      )}
    </Page>
  );
}

function SalesflowSkeleton() {
  return (
    <Page>
      <Skeleton h={10} w={120} my={4} />
      <Skeleton h={20} w={240} mt={8} mb={20} />
      <Skeleton h={32} mb={24} />
      <Skeleton h={120} maw={720} mb={16} />
      <Skeleton h={120} maw={720} />
    </Page>
  );
}
