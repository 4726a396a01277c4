import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconPlus, IconRoute } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { salesflowsQuery } from "@/api/salesflows";
import type { Salesflow } from "@/api/types";
import { useCommands } from "@/shared/commands";
import { useFormat } from "@/shared/format";
import { AnchorLink } from "@/shared/links";
import { Blank, Initials } from "@/shared/marks";
import { Page, PageHeader } from "@/shared/Page";
import { EmptyState } from "@/shared/states";
import { useCursorPaging } from "@/shared/table/cursors";
import { DataTable } from "@/shared/table/DataTable";
import type { DataColumn } from "@/shared/table/types";
import { NewSalesflowDialog } from "./NewSalesflowDialog";
import classes from "./Salesflows.module.css";
import type { SalesflowsSearch } from "./search";
import { SalesflowStateMark } from "./SalesflowStateMark";
import { ToCheckMark } from "./ToCheck";

const idOf = (flow: Salesflow) => flow.id;

export function SalesflowsPage({ search }: { search: SalesflowsSearch }) {
  const { t } = useTranslation("salesflows");
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const size = search.size ?? 50;
  const list = useQuery(salesflowsQuery({ limit: size, ...(search.cursor ? { cursor: search.cursor } : {}) }));
  const paging = useCursorPaging(search.cursor);
  const columns = useColumns();
  const { number } = useFormat();
  const set = (changes: Record<string, unknown>) =>
    void navigate({ to: "/content/salesflows", search: (now) => ({ ...now, ...changes }), replace: true });
  const openNew = () => set({ new: true });
  useCommands([{ id: "create.salesflow", group: "create", title: t("new.title"), keys: "c", run: openNew }]);
  const rows = list.data?.items;
  const everything = rows && !search.cursor && !list.data?.next_cursor;
  const button = (
    <Button leftSection={<IconPlus size={16} />} onClick={openNew} data-tour="new-salesflow">
      {t("new.title")}
    </Button>
  );
  return (
    <Page fill>
      <PageHeader
        title={t("title")}
        above={<span>{common("nav.content")}</span>}
        count={everything ? number(rows.length) : undefined}
        actions={button}
      />
      <DataTable
        label={t("title")}
        columns={columns}
        query={{
          rows,
          isFetching: list.isFetching,
          error: rows ? null : list.error,
          refetch: () => void list.refetch(),
        }}
        idOf={idOf}
        nameOf={(flow) => flow.name}
        onOpen={(flow) => void navigate({ to: "/content/salesflows/$salesflowId", params: { salesflowId: flow.id } })}
        empty={
          <EmptyState icon={IconRoute} title={t("empty.title")} why={t("empty.why")}>
            {button}
          </EmptyState>
        }
        pager={{
          page: paging.page,
          size,
          count: rows?.length ?? 0,
          total: everything ? rows.length : undefined,
          onSize: (next) => set({ size: next === 50 ? undefined : next, cursor: undefined }),
          onPrevious: paging.previous,
          onNext: paging.next(list.data?.next_cursor),
        }}
      />
      {search.new && <NewSalesflowDialog onClose={() => set({ new: undefined })} />}
    </Page>
  );
}

function useColumns(): DataColumn<Salesflow>[] {
  const { t } = useTranslation("salesflows");
  const { t: common } = useTranslation();
  const { number } = useFormat();
  return useMemo(() => {
    const count = (id: "enrolled" | "active" | "finished" | "sent", width: string): DataColumn<Salesflow> => ({
      id,
      header: t(`column.${id}`),
      align: "right",
      width,
      cell: ({ counts }) =>
        counts[id] === 0 ? (
          <Text span inherit c="dimmed">
            0
          </Text>
        ) : (
          number(counts[id])
        ),
    });
    return [
      {
        id: "name",
        header: t("column.name"),
        fixed: true,
        narrow: true,
        cell: (flow, narrow) => (
          <>
            <span className={classes.person}>
              <AnchorLink
                to="/content/salesflows/$salesflowId"
                params={{ salesflowId: flow.id }}
                className={classes.name}
                truncate
              >
                {flow.name}
              </AnchorLink>
              <ToCheckMark salesflow={flow} />
            </span>
            {narrow && (
              <Text size="xs" c="dimmed" truncate>
                {t("enrolledCount", { count: flow.counts.enrolled, total: number(flow.counts.enrolled) })}
              </Text>
            )}
          </>
        ),
      },
      {
        id: "state",
        header: t("column.state"),
        width: "104px",
        narrow: true,
        narrowWidth: "104px",
        cell: (flow) => <SalesflowStateMark state={flow.state} />,
      },
      {
        id: "owner",
        header: t("column.owner"),
        width: "160px",
        cell: ({ owner }) =>
          owner ? (
            <span className={classes.person}>
              <Initials name={owner.name} size={18} />
              <span className={classes.clip}>{owner.name}</span>
            </span>
          ) : (
            <Blank label={common("blank")} />
          ),
      },
      {
        id: "steps",
        header: t("column.steps"),
        align: "right",
        width: "80px",
        cell: (flow) => number(flow.steps_count),
      },
      count("enrolled", "96px"),
      count("active", "88px"),
      count("finished", "96px"),
      count("sent", "88px"),
      {
        id: "replied",
        header: t("column.replied"),
        align: "right",
        width: "156px",
        cell: ({ counts }) =>
          counts.enrolled > 0 ? (
            t("repliedOf", { replied: number(counts.replied), enrolled: number(counts.enrolled) })
          ) : (
            <Text span inherit c="dimmed">
              {t("nobodyYet")}
            </Text>
          ),
      },
    ];
  }, [t, common, number]);
}
