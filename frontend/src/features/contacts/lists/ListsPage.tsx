import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconListDetails, IconPlus, IconZoomExclamation } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { listsQuery } from "@/api/directory";
import type { ContactList } from "@/api/types";
import { useCommands } from "@/shared/commands";
import { ContactsTabs } from "@/shared/ContactsTabs";
import { useFormat } from "@/shared/format";
import { ButtonLink } from "@/shared/links";
import { Page, PageHeader } from "@/shared/Page";
import { EmptyState } from "@/shared/states";
import { DataTable } from "@/shared/table/DataTable";
import bar from "@/shared/table/FilterBar.module.css";
import { SearchInput } from "@/shared/table/SearchInput";
import { NewListDialog } from "../directory/NewListDialog";
import { useListColumns } from "./listColumns";
import type { ListsSearch } from "./search";

const idOf = (list: ContactList) => list.id;
const nameOf = (list: ContactList) => list.name;

/** The lists of everybody: those that are filled by hand, and those that a filter fills. */
export function ListsPage({ search }: { search: ListsSearch }) {
  const { t } = useTranslation("directory");
  const navigate = useNavigate();
  const { number } = useFormat();
  const lists = useQuery(listsQuery());
  const columns = useListColumns();
  const set = (changes: { [K in keyof ListsSearch]?: ListsSearch[K] | undefined }) =>
    void navigate({ to: "/contacts/lists", search: (now) => ({ ...now, ...changes }) as ListsSearch, replace: true });
  const openNew = () => set({ new: true });
  useCommands([{ id: "create.list", group: "create", title: t("list.newTitle"), keys: "c", run: openNew }]);
  const wanted = search.q?.toLocaleLowerCase() ?? "";
  const rows = useMemo(
    () => lists.data?.filter(({ name }) => name.toLocaleLowerCase().includes(wanted)),
    [lists.data, wanted],
  );
  const button = (
    <Button leftSection={<IconPlus size={16} />} onClick={openNew}>
      {t("list.newTitle")}
    </Button>
  );
  const open = (list: ContactList) => void navigate({ to: "/contacts", search: { list: list.id } });
  return (
    <Page fill>
      <PageHeader
        title={t("list.title")}
        count={lists.data === undefined ? undefined : number(lists.data.length)}
        actions={button}
      />
      <ContactsTabs />
      <div className={bar.bar}>
        <SearchInput label={t("list.search")} value={search.q ?? ""} onChange={(q) => set({ q: q || undefined })} />
      </div>
      <DataTable
        label={t("list.title")}
        columns={columns}
        query={{
          rows,
          isFetching: lists.isFetching,
          error: rows ? null : lists.error,
          refetch: () => void lists.refetch(),
        }}
        idOf={idOf}
        nameOf={nameOf}
        onOpen={open}
        empty={
          wanted ? (
            <EmptyState icon={IconZoomExclamation} title={t("list.noMatch")}>
              <Button variant="default" onClick={() => set({ q: undefined })}>
                {t("list.clearSearch")}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={IconListDetails} title={t("list.empty")} why={t("list.emptyWhy")}>
              {button}
              <ButtonLink to="/contacts" variant="default">
                {t("list.goContacts")}
              </ButtonLink>
            </EmptyState>
          )
        }
      />
      {search.new && <NewListDialog onCreated={open} onClose={() => set({ new: undefined })} />}
    </Page>
  );
}
