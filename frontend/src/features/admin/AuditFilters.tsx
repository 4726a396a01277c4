import { Button, Select, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconDownload } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { auditExportUrl } from "@/api/admin";
import type { AuditAction, AuditEntry, AuditQuery } from "@/api/types";
import { usersQuery } from "@/api/users";
import bar from "@/shared/table/FilterBar.module.css";
import { ACTION_GROUPS, wordOf } from "./actions";
import type { AuditSearch } from "./search";

// The calendar comes when the page is there already.
const PeriodField = lazy(() => import("./PeriodField"));

interface Props {
  search: AuditSearch;
  wanted: AuditQuery;
  entries: AuditEntry[] | undefined;
  onChange: (changes: { [K in keyof AuditSearch]?: AuditSearch[K] | undefined }) => void;
  onClear: (() => void) | null;
}

/** Who, what and when; and everything that matches as a file. */
export function AuditFilters({ search, wanted, entries, onChange, onClear }: Props) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const people = usePeople(entries, search.who);
  const actions = Object.entries(ACTION_GROUPS).map(([group, found]) => ({
    group: t(`audit.group.${group as keyof typeof ACTION_GROUPS}`),
    items: found.map((action) => ({ value: action as string, label: t(`audit.action.${wordFor(action)}`) })),
  }));
  return (
    <div className={bar.bar}>
      <Select
        className={bar.filter}
        w={190}
        aria-label={t("audit.whoLabel")}
        placeholder={t("audit.who")}
        searchable
        clearable
        data={people}
        value={search.who ?? null}
        onChange={(who) => onChange({ who: who ?? undefined })}
      />
      <Select
        className={bar.filter}
        w={210}
        aria-label={t("audit.actionLabel")}
        placeholder={t("audit.anyAction")}
        searchable
        clearable
        maxDropdownHeight={360}
        data={actions}
        value={search.action ?? null}
        onChange={(action) => onChange({ action: (action as AuditAction | null) ?? undefined })}
      />
      <Suspense fallback={null}>
        <PeriodField from={search.from} to={search.to} onChange={onChange} />
      </Suspense>
      {onClear && (
        <Button variant="subtle" color="gray" onClick={onClear}>
          {common("action.clearFilters")}
        </Button>
      )}
      <div className={bar.spring} />
      <Tooltip label={t("audit.exportHint")} multiline w={280}>
        <Button
          component="a"
          href={auditExportUrl(wanted)}
          download="audit-log.ndjson"
          variant="default"
          leftSection={<IconDownload size={16} stroke={1.6} />}
        >
          {t("audit.export")}
        </Button>
      </Tooltip>
    </div>
  );
}

const wordFor = (action: AuditAction) => wordOf(action) as "user_invited";

/** Those who are there, and those who are found in the entries: also who was deleted can be asked for. */
function usePeople(entries: AuditEntry[] | undefined, chosen: string | undefined) {
  const { t } = useTranslation("admin");
  const users = useQuery(usersQuery()).data?.items ?? [];
  const names = new Map(users.map(({ id, name }): [string, string] => [id, name]));
  for (const { actor } of entries ?? []) if (actor.id && !names.has(actor.id)) names.set(actor.id, actor.name);
  if (chosen && !names.has(chosen)) names.set(chosen, t("audit.someone"));
  return [...names].map(([value, label]) => ({ value, label }));
}
