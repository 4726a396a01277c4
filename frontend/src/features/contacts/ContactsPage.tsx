import { Button, Group, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconPlus, IconSend, IconUsers, IconZoomExclamation } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { contactsQuery, statusesQuery } from "@/api/contacts";
import type { Contact } from "@/api/types";
import { useCommands } from "@/shared/commands";
import type { Audience } from "@/shared/enroll/ContactsField";
import { EnrollDialog } from "@/shared/enroll/EnrollDialog";
import { useFormat } from "@/shared/format";
import { Page, PageHeader } from "@/shared/Page";
import { EmptyState } from "@/shared/states";
import { ColumnChooser } from "@/shared/table/ColumnChooser";
import { useColumnChoice } from "@/shared/table/columns";
import { useCursorPaging } from "@/shared/table/cursors";
import { DataTable } from "@/shared/table/DataTable";
import bar from "@/shared/table/FilterBar.module.css";
import { SearchInput } from "@/shared/table/SearchInput";
import { useSelection } from "@/shared/table/selection";
import { useContactColumns } from "./columns";
import { NewContactDialog } from "./NewContactDialog";
import { useOwnerChoices } from "./owners";
import { type ContactsSearch, filterOf } from "./search";

const idOf = (contact: Contact) => contact.id;
const DEFAULT_SORT = "-created_at";

export function ContactsPage({ search }: { search: ContactsSearch }) {
  const { t } = useTranslation("contacts");
  const navigate = useNavigate();
  const { number } = useFormat();
  const size = search.size ?? 50;
  const filter = filterOf(search);
  const filtered = Object.keys(filter).length > 0;
  const list = useQuery(
    contactsQuery({
      ...filter,
      sort: (search.sort ?? DEFAULT_SORT) as "name",
      limit: size,
      total: true,
      ...(search.cursor ? { cursor: search.cursor } : {}),
    }),
  );
  const statuses = useQuery(statusesQuery()).data?.items ?? [];
  const choice = useColumnChoice("contacts", useContactColumns(statuses));
  const selection = useSelection(idOf);
  const paging = useCursorPaging(search.cursor);
  const owners = useOwnerChoices(list.data?.items, search.owner);
  const [adding, setAdding] = useState<Audience | null>(null);

  const set = (changes: ContactsSearch) =>
    void navigate({ to: "/contacts", search: (now) => ({ ...now, cursor: undefined, ...changes }), replace: true });
  const clear = () => void navigate({ to: "/contacts", search: ({ sort, size: kept }) => ({ sort, size: kept }) });
  const openNew = () => set({ new: true, ...(search.cursor ? { cursor: search.cursor } : {}) });
  useCommands([{ id: "create.contact", group: "create", title: t("new.title"), keys: "c", run: openNew }]);

  const rows = list.data?.items;
  const total = list.data?.total;
  return (
    <Page fill>
      <PageHeader
        title={t("title")}
        count={total == null ? undefined : number(total)}
        actions={
          <Button leftSection={<IconPlus size={16} />} onClick={openNew} data-tour="new-contact">
            {t("new.title")}
          </Button>
        }
      />
      {selection.rows.size > 0 ? (
        <SelectionBar
          count={selection.rows.size}
          total={rows && rows.every((row) => selection.has(row.id)) ? (total ?? 0) : 0}
          onAdd={() => setAdding({ contacts: [...selection.rows.values()] })}
          onAddAll={() => setAdding({ filter, total: total ?? 0 })}
          onClear={selection.clear}
        />
      ) : (
        <div className={bar.bar}>
          <SearchInput
            label={t("search")}
            value={search.q ?? ""}
            onChange={(q) => set({ q: q || undefined } as ContactsSearch)}
          />
          <Select
            className={bar.filter}
            w={150}
            aria-label={t("field.status")}
            placeholder={t("anyStatus")}
            clearable
            data={statuses.map(({ label }) => label)}
            value={search.status ?? null}
            onChange={(status) => set({ status: status ?? undefined } as ContactsSearch)}
          />
          <Select
            className={bar.filter}
            w={170}
            aria-label={t("field.owner")}
            placeholder={t("anyOwner")}
            clearable
            data={owners}
            value={search.owner ?? null}
            onChange={(owner) => set({ owner: owner ?? undefined } as ContactsSearch)}
          />
          {filtered && (
            <Button variant="subtle" color="gray" onClick={clear}>
              {t("clearFilters")}
            </Button>
          )}
          <div className={bar.spring} />
          <ColumnChooser choice={choice} />
        </div>
      )}
      <DataTable
        label={t("title")}
        columns={choice.shown}
        query={{
          rows,
          isFetching: list.isFetching,
          error: rows ? null : list.error,
          refetch: () => void list.refetch(),
        }}
        idOf={idOf}
        nameOf={(contact) => contact.name}
        sort={search.sort ?? DEFAULT_SORT}
        onSort={(sort) => set({ sort: sort === DEFAULT_SORT ? undefined : sort } as ContactsSearch)}
        selection={selection}
        onOpen={(contact) => void navigate({ to: "/contacts/$contactId", params: { contactId: contact.id } })}
        empty={filtered ? <NoMatch onClear={clear} /> : <NoContacts onNew={openNew} />}
        pager={{
          page: paging.page,
          size,
          count: rows?.length ?? 0,
          total,
          onSize: (next) => set({ size: next === 50 ? undefined : next } as ContactsSearch),
          onPrevious: paging.previous,
          onNext: paging.next(list.data?.next_cursor),
        }}
      />
      {search.new && (
        <NewContactDialog
          statuses={statuses}
          onClose={() => set({ new: undefined, cursor: search.cursor } as ContactsSearch)}
        />
      )}
      {adding && <EnrollDialog audience={adding} onClose={() => setAdding(null)} onDone={selection.clear} />}
    </Page>
  );
}

interface BarProps {
  count: number;
  total: number;
  onAdd: () => void;
  onAddAll: () => void;
  onClear: () => void;
}

function SelectionBar({ count, total, onAdd, onAddAll, onClear }: BarProps) {
  const { t } = useTranslation("contacts");
  const { t: common } = useTranslation();
  const { number } = useFormat();
  return (
    <div className={bar.selected} role="toolbar" aria-label={t("selection")}>
      <Text size="sm" fw={500} aria-live="polite">
        {common("table.selected", { count })}
      </Text>
      <Group gap={8}>
        <Button leftSection={<IconSend size={15} />} onClick={onAdd}>
          {t("addToSalesflow")}
        </Button>
        {total > count && (
          <Button variant="default" onClick={onAddAll}>
            {t("addAllMatching", { total: number(total) })}
          </Button>
        )}
        <Button variant="subtle" color="gray" onClick={onClear}>
          {common("table.clearSelection")}
        </Button>
      </Group>
    </div>
  );
}

function NoContacts({ onNew }: { onNew: () => void }) {
  const { t } = useTranslation("contacts");
  return (
    <EmptyState icon={IconUsers} title={t("empty.title")} why={t("empty.why")}>
      <Button leftSection={<IconPlus size={16} />} onClick={onNew}>
        {t("new.title")}
      </Button>
    </EmptyState>
  );
}

function NoMatch({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation("contacts");
  return (
    <EmptyState icon={IconZoomExclamation} title={t("noMatch.title")} why={t("noMatch.why")}>
      <Button variant="default" onClick={onClear}>
        {t("clearFilters")}
      </Button>
    </EmptyState>
  );
}
