import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { enrollmentsQuery } from "@/api/salesflows";
import type { Enrollment, SalesflowDetail } from "@/api/types";
import { EnrollmentMenu } from "@/shared/enrollment/EnrollmentMenu";
import { EnrollmentNext, EnrollmentState } from "@/shared/enrollment/EnrollmentState";
import { SettleInRow } from "@/shared/enrollment/SettleInRow";
import { AnchorLink } from "@/shared/links";
import { Blank, Initials } from "@/shared/marks";
import { EmptyState } from "@/shared/states";
import { useCursorPaging } from "@/shared/table/cursors";
import { DataTable } from "@/shared/table/DataTable";
import bar from "@/shared/table/FilterBar.module.css";
import type { DataColumn } from "@/shared/table/types";
import { When } from "@/shared/When";
import classes from "./Salesflows.module.css";
import { ENROLLMENT_STATES, type SalesflowSearch, TO_CHECK } from "./search";

interface Props {
  salesflow: SalesflowDetail;
  search: SalesflowSearch;
  onAdd: () => void;
}

const idOf = (enrollment: Enrollment) => enrollment.id;

/** Who is in the Salesflow: how far, why waiting, and until when. */
export function EnrollmentsTab({ salesflow, search, onAdd }: Props) {
  const { t } = useTranslation("salesflows");
  const { t: words } = useTranslation("enrollment");
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const size = search.size ?? 50;
  const toCheck = search.state === TO_CHECK;
  const list = useQuery(
    enrollmentsQuery(salesflow.id, {
      limit: size,
      ...shownBy(search.state),
      ...(search.cursor ? { cursor: search.cursor } : {}),
    }),
  );
  const paging = useCursorPaging(search.cursor);
  const columns = useColumns(salesflow);
  const set = (changes: Record<string, unknown>) =>
    void navigate({
      to: "/content/salesflows/$salesflowId",
      params: { salesflowId: salesflow.id },
      search: { ...search, cursor: undefined, ...changes } as SalesflowSearch,
      replace: true,
    });
  const rows = list.data?.items;
  const empty = search.state ? (
    <EmptyState
      icon={IconUsers}
      title={toCheck ? t("toCheck.none") : t("enrollments.noMatch")}
      why={toCheck && salesflow.counts.needs_human > 0 && t("toCheck.noneWhy")}
    >
      <Button variant="default" onClick={() => set({ state: undefined })}>
        {common("action.clearFilters")}
      </Button>
    </EmptyState>
  ) : (
    <EmptyState
      icon={IconUsers}
      title={t("enrollments.empty")}
      why={salesflow.state === "active" ? t("enrollments.emptyWhy") : t("enrollments.emptyDraft")}
    >
      {salesflow.state === "active" && (
        <Button leftSection={<IconUserPlus size={15} />} onClick={onAdd}>
          {words("add.title")}
        </Button>
      )}
    </EmptyState>
  );
  return (
    <>
      <div className={bar.bar}>
        <Select
          w={160}
          aria-label={t("enrollments.state")}
          placeholder={t("enrollments.anyState")}
          clearable
          data={[
            ...ENROLLMENT_STATES.map((value) => ({ value, label: words(`state.${value}`) })),
            { value: TO_CHECK, label: t("toCheck.filter") },
          ]}
          value={search.state ?? null}
          onChange={(state) => set({ state: state ?? undefined })}
        />
      </div>
      <DataTable
        label={t("tab.contacts")}
        columns={columns}
        query={{ rows, isFetching: false, error: rows ? null : list.error, refetch: () => void list.refetch() }}
        idOf={idOf}
        nameOf={({ contact }) => contact.name}
        onOpen={({ contact }) => void navigate({ to: "/contacts/$contactId", params: { contactId: contact.id } })}
        empty={empty}
        pager={{
          page: paging.page,
          size,
          count: rows?.length ?? 0,
          onSize: (next) => set({ size: next === 50 ? undefined : next }),
          onPrevious: paging.previous,
          onNext: paging.next(list.data?.next_cursor),
        }}
      />
    </>
  );
}

const shownBy = (state: SalesflowSearch["state"]) =>
  state === TO_CHECK ? { needs_human: true } : state ? { state } : {};

/** An email that waits for somebody's word comes before everything else. */
function Next({ enrollment }: { enrollment: Enrollment }) {
  return enrollment.email_to_settle ? (
    <SettleInRow enrollment={enrollment} />
  ) : (
    <EnrollmentNext enrollment={enrollment} />
  );
}

function useColumns(salesflow: SalesflowDetail): DataColumn<Enrollment>[] {
  const { t } = useTranslation("salesflows");
  const { t: people } = useTranslation("people");
  const { t: common } = useTranslation();
  return useMemo(
    () => [
      {
        id: "contact",
        header: t("enrollments.contact"),
        fixed: true,
        narrow: true,
        cell: (enrollment, narrow) => (
          <span className={classes.person}>
            <Initials name={enrollment.contact.name} size={narrow ? 28 : 22} />
            <span className={classes.clip}>
              <AnchorLink
                to="/contacts/$contactId"
                params={{ contactId: enrollment.contact.id }}
                className={classes.name}
              >
                {enrollment.contact.name || people("privacy.erasedPerson")}
              </AnchorLink>
              {narrow && (
                <div className={enrollment.email_to_settle ? classes.ask : classes.under}>
                  <Next enrollment={enrollment} />
                </div>
              )}
            </span>
          </span>
        ),
      },
      {
        id: "company",
        header: t("enrollments.company"),
        cell: ({ contact }) => contact.company || <Blank label={common("blank")} />,
      },
      {
        id: "state",
        header: t("enrollments.state"),
        width: "136px",
        narrow: true,
        narrowWidth: "112px",
        cell: (enrollment) => <EnrollmentState enrollment={enrollment} />,
      },
      {
        id: "step",
        header: t("enrollments.step"),
        width: "84px",
        cell: ({ step }) => t("enrollments.stepOf", step),
      },
      {
        id: "next",
        header: t("enrollments.next"),
        width: "26%",
        cell: (enrollment) => <Next enrollment={enrollment} />,
      },
      { id: "user", header: t("enrollments.user"), width: "140px", cell: ({ user }) => user.name },
      { id: "started", header: t("enrollments.started"), width: "124px", cell: (row) => <When at={row.started_at} /> },
      {
        id: "actions",
        header: "",
        width: "64px",
        align: "right",
        narrow: true,
        narrowWidth: "60px",
        cell: (enrollment) => (
          <EnrollmentMenu enrollment={enrollment} salesflow={salesflow} contact={enrollment.contact.name} />
        ),
      },
    ],
    [t, common, salesflow, people],
  );
}
