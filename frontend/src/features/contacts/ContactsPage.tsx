import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconFilter, IconListDetails, IconPlus } from "@tabler/icons-react";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { statusesQuery } from "@/api/contacts";
import { actOnContacts, listsQuery } from "@/api/directory";
import type { Contact } from "@/api/types";
import { useCommands } from "@/shared/commands";
import { ContactsTabs } from "@/shared/ContactsTabs";
import { useFormat } from "@/shared/format";
import { useJobStarted } from "@/shared/jobs/useJobs";
import { Page, PageHeader } from "@/shared/Page";
import { useMe } from "@/shared/session";
import { said } from "@/shared/feedback";
import { ColumnChooser } from "@/shared/table/ColumnChooser";
import { useColumnChoice } from "@/shared/table/columns";
import { useCursorPaging } from "@/shared/table/cursors";
import { DataTable } from "@/shared/table/DataTable";
import bar from "@/shared/table/FilterBar.module.css";
import { SearchInput } from "@/shared/table/SearchInput";
import { useSelection } from "@/shared/table/selection";
import { SortMenu } from "@/shared/table/SortMenu";
import { useContactColumns } from "./columns";
import { counted } from "./directory/counted";
import { EditedList } from "./directory/EditedList";
import { FilterLine } from "./directory/FilterLine";
import { ImportLink } from "./directory/ImportLink";
import { NewListDialog } from "./directory/NewListDialog";
import { Nobody } from "./directory/Nobody";
import { useOwnFields } from "./directory/ownFields";
import {
  type Changes,
  conditionsOf,
  type ContactsSearch,
  filterOf,
  searchToEdit,
  USUAL_SORT,
} from "./directory/search";
import { SelectionBar } from "./directory/SelectionBar";
import { useOrders } from "./directory/useOrders";
import { useAllMatching } from "./directory/useAllMatching";
import { USUAL_SIZE, useContacts } from "./directory/useContacts";
import { ViewsMenu } from "./directory/ViewsMenu";
import { useMayChange } from "./lists/useMayChange";
import { NewContactDialog } from "./NewContactDialog";
import { openedFrom } from "./search";

const idOf = (contact: Contact) => contact.id;
const nameOf = (contact: Contact) => contact.name;

/** Everybody, found by whatever is known of them; what is asked for is in the address, so that it can be sent. */
export function ContactsPage({ search }: { search: ContactsSearch }) {
  const { t } = useTranslation("contacts");
  const { t: words } = useTranslation("directory");
  const navigate = useNavigate();
  const { number } = useFormat();
  const timeZone = useMe()?.time_zone ?? "UTC";
  const filter = useMemo(() => filterOf(search, timeZone), [search, timeZone]);
  const filtered = Object.keys(filter).length > 0;
  const { list, total } = useContacts(search, filter);
  const rows = list.data?.items;
  const statuses = useQuery(statusesQuery()).data?.items;
  const own = useOwnFields();
  const orders = useOrders();
  const among = useMemo(() => openedFrom(search), [search]);
  const [saving, setSaving] = useState(false);
  const mayChange = useMayChange();
  const lists = useQuery(listsQuery()).data?.filter((each) => each.kind === "filter" && mayChange(each));
  const edited = lists?.find(({ id }) => id === search.edit);
  const opened = edited ? undefined : lists?.find(({ id }) => id === search.list);
  const paging = useCursorPaging(search.cursor);

  const go = useCallback(
    (next: ContactsSearch, replace = false) =>
      // On the same page of the list, the way back to the pages before it stays known.
      void navigate({ to: "/contacts", search: next, replace, ...(next.cursor ? { state: true } : {}) }),
    [navigate],
  );
  const set = (changes: Changes<ContactsSearch>, replace = false) =>
    go({ ...search, cursor: undefined, ...changes } as ContactsSearch, replace);
  const { sort, size, columns: named, view, edit } = search;
  const look = { sort, size, columns: named, view };
  const clear = () => go({ ...look, edit } as ContactsSearch);
  const openNew = () => set({ new: true, cursor: search.cursor }, true);
  useCommands([{ id: "create.contact", group: "create", title: t("new.title"), keys: "c", run: openNew }]);

  const columns = useContactColumns(statuses ?? NONE, own);
  const usual = columns.filter(({ fixed, hidden }) => !fixed && !hidden).map(({ id }) => id);
  const inWords = (ids: string[]) => (String(ids) === String(usual) ? undefined : ids.join(",") || "name");
  const choice = useColumnChoice("contacts", columns, {
    ids: named?.split(","),
    onChange: (ids) => set({ columns: inWords(ids), cursor: search.cursor }, true),
    remembers: view === undefined,
  });
  const shown = choice.shown.map(({ id }) => id);
  const shownSearch = {
    ...search,
    columns: inWords(choice.shown.filter(({ fixed }) => !fixed).map(({ id }) => id)),
  } as ContactsSearch;

  const base = useSelection(idOf);
  const { selection, all, selectAll } = useAllMatching(base, idOf, rows, JSON.stringify(filter));
  const picked = useMemo(() => [...base.rows.values()], [base.rows]);
  const began = useJobStarted();

  return (
    <Page fill>
      <PageHeader
        title={t("title")}
        count={total === null ? undefined : counted(total, number)}
        actions={
          <>
            <ImportLink />
            <Button leftSection={<IconPlus size={16} />} onClick={openNew} data-tour="new-contact">
              {t("new.title")}
            </Button>
          </>
        }
      />
      <ContactsTabs />
      {edited && (
        <EditedList
          list={edited}
          search={search}
          filter={filter}
          timeZone={timeZone}
          total={total}
          onLeave={() => go({ ...look, list: edited.id } as ContactsSearch)}
        />
      )}
      {picked.length > 0 || all ? (
        <SelectionBar
          contacts={picked}
          all={all}
          filter={filter}
          total={total}
          wholePage={rows !== undefined && rows.length > 0 && rows.every(({ id }) => base.has(id))}
          listId={search.list}
          columns={shown.flatMap((id) => (id === "name" ? ["first_name", "last_name"] : [id]))}
          onSelectAll={selectAll}
          onClear={() => {
            selection.clear();
            base.clear();
          }}
        />
      ) : (
        <div className={bar.bar}>
          <SearchInput label={t("search")} value={search.q ?? ""} onChange={(q) => set({ q: q || undefined }, true)} />
          <ViewsMenu
            search={shownSearch}
            timeZone={timeZone}
            onShow={(next) => go({ ...next, ...(size ? { size } : {}), ...(edit ? { edit } : {}) })}
          />
          <div className={bar.spring} />
          <SortMenu
            orders={orders}
            value={sort ?? USUAL_SORT}
            onChange={(order) => set({ sort: order === USUAL_SORT ? undefined : order })}
          />
          <ColumnChooser choice={choice} />
        </div>
      )}
      <FilterLine conditions={conditionsOf(search)} own={own} onChange={set}>
        {filtered && (
          <>
            <Button size="compact-sm" variant="subtle" color="gray" onClick={clear}>
              {t("clearFilters")}
            </Button>
            {opened && (
              <Button
                size="compact-sm"
                variant="subtle"
                color="gray"
                leftSection={<IconFilter size={14} stroke={1.6} />}
                onClick={() => go({ ...look, ...searchToEdit(opened, timeZone) } as ContactsSearch)}
              >
                {words("list.editFilter")}
              </Button>
            )}
            {!edited && (
              <Button
                size="compact-sm"
                variant="subtle"
                color="gray"
                leftSection={<IconListDetails size={14} stroke={1.6} />}
                onClick={() => setSaving(true)}
              >
                {words("saveList")}
              </Button>
            )}
          </>
        )}
      </FilterLine>
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
        nameOf={nameOf}
        sort={sort ?? USUAL_SORT}
        onSort={(order) => set({ sort: order === USUAL_SORT ? undefined : order })}
        selection={selection}
        onOpen={({ id }) => void navigate({ to: "/contacts/$contactId", params: { contactId: id }, search: { among } })}
        empty={<Nobody search={search} filtered={filtered} onClear={clear} onNew={openNew} />}
        pager={{
          page: paging.page,
          size: size ?? USUAL_SIZE,
          count: rows?.length ?? 0,
          total: total === null ? undefined : counted(total, number),
          onSize: (next) => set({ size: next === USUAL_SIZE ? undefined : next }),
          onPrevious: paging.previous,
          onNext: paging.next(list.isPlaceholderData ? null : list.data?.next_cursor),
        }}
      />
      {search.new && (
        <NewContactDialog
          statuses={statuses ?? NONE}
          onClose={() => set({ new: undefined, cursor: search.cursor }, true)}
        />
      )}
      {saving && (
        <NewListDialog
          filter={filter}
          onCreated={async (made) => {
            if (made.kind === "static")
              began(await actOnContacts({ filter, action: { kind: "add_to_list", list_id: made.id } }));
            else said(words("list.created", { name: made.name }));
          }}
          onClose={() => setSaving(false)}
        />
      )}
    </Page>
  );
}

const NONE: never[] = [];
