import { Button, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconHistory, IconZoomExclamation } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { auditQuery } from "@/api/admin";
import type { AuditEntry } from "@/api/types";
import { plain, Sentence } from "@/shared/Sentence";
import { useMe } from "@/shared/session";
import { EmptyState } from "@/shared/states";
import { DataTable } from "@/shared/table/DataTable";
import type { DataColumn } from "@/shared/table/types";
import { When } from "@/shared/When";
import classes from "./Audit.module.css";
import { AuditFilters } from "./AuditFilters";
import { EntryPanel } from "./EntryPanel";
import { wantedOf } from "./period";
import type { AuditSearch } from "./search";
import { useSentence } from "./sentences";

const idOf = (entry: AuditEntry) => entry.id;

/** Who did what, when and from where; newest first. */
export function AuditLogPage({ search }: { search: AuditSearch }) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  const wanted = wantedOf(search, me?.time_zone ?? "UTC");
  const log = useInfiniteQuery(auditQuery(wanted));
  const entries = useMemo(() => log.data?.pages.flatMap((page) => page.items), [log.data]);
  const sentence = useSentence();
  const columns = useColumns();
  const set = (changes: { [K in keyof AuditSearch]?: AuditSearch[K] | undefined }, replace = true) =>
    void navigate({ to: "/admin/audit-log", search: (now) => ({ ...now, ...changes }) as AuditSearch, replace });
  const filtered = Object.keys(wanted).length > 0;
  const clear = () => void navigate({ to: "/admin/audit-log", search: {}, replace: true });
  const opened = entries?.find(({ id }) => id === search.entry);
  return (
    <>
      <AuditFilters
        search={search}
        wanted={wanted}
        entries={entries}
        onChange={set}
        onClear={filtered ? clear : null}
      />
      <DataTable
        label={t("tab.audit-log")}
        columns={columns}
        query={{
          rows: entries,
          isFetching: log.isFetching && !log.isFetchingNextPage,
          error: entries ? null : log.error,
          refetch: () => void log.refetch(),
        }}
        idOf={idOf}
        nameOf={(entry) => plain(sentence(entry))}
        onOpen={(entry) => set({ entry: entry.id }, search.entry !== undefined)}
        empty={
          filtered ? (
            <EmptyState icon={IconZoomExclamation} title={t("audit.noMatch")} why={t("audit.noMatchWhy")}>
              <Button variant="default" onClick={clear}>
                {common("action.clearFilters")}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={IconHistory} title={t("audit.empty")} why={t("audit.emptyWhy")} />
          )
        }
      />
      {entries && entries.length > 0 && (
        <div className={classes.more}>
          {log.hasNextPage ? (
            <Button
              variant="default"
              size="compact-md"
              loading={log.isFetchingNextPage}
              onClick={() => void log.fetchNextPage()}
            >
              {t("audit.more")}
            </Button>
          ) : (
            <Text size="sm" c="dimmed">
              {t("audit.end")}
            </Text>
          )}
        </div>
      )}
      <EntryPanel entry={opened} onClose={() => set({ entry: undefined })} />
    </>
  );
}

function useColumns(): DataColumn<AuditEntry>[] {
  const { t } = useTranslation("admin");
  const sentence = useSentence();
  const navigate = useNavigate();
  const open = (entry: AuditEntry) =>
    void navigate({ to: "/admin/audit-log", search: (now) => ({ ...now, entry: entry.id }) });
  return [
    { id: "at", header: t("audit.when"), width: "150px", cell: (entry) => <When at={entry.at} as="moment" /> },
    {
      id: "what",
      header: t("audit.what"),
      narrow: true,
      cell: (entry, narrow) => (
        <button type="button" className={classes.what} data-narrow={narrow || undefined} onClick={() => open(entry)}>
          <span className={classes.sentence}>
            <Sentence text={sentence(entry)} />
          </span>
          {narrow && (
            <span className={classes.under}>
              <When at={entry.at} as="moment" />
              {entry.address && ` · ${entry.address}`}
            </span>
          )}
        </button>
      ),
    },
    {
      id: "address",
      header: t("audit.where"),
      width: "160px",
      cell: (entry) =>
        entry.address || (
          <Text span inherit c="dimmed">
            –
          </Text>
        ),
    },
  ];
}
