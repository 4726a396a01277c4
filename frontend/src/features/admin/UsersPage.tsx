import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconPlus, IconUsers, IconZoomExclamation } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { managedUsersQuery } from "@/api/admin";
import type { ManagedUser } from "@/api/types";
import { useCommands } from "@/shared/commands";
import { EmptyState } from "@/shared/states";
import { useCursorPaging } from "@/shared/table/cursors";
import { DataTable } from "@/shared/table/DataTable";
import bar from "@/shared/table/FilterBar.module.css";
import { SearchInput } from "@/shared/table/SearchInput";
import { AddUserDialog } from "./AddUserDialog";
import { DeleteUserDialog } from "./DeleteUserDialog";
import { HandoverList } from "./HandoverList";
import { USER_STATES, type UsersSearch, type UserState } from "./search";
import { useUserColumns } from "./userColumns";

const idOf = (user: ManagedUser) => user.id;

/** Who there is, what they may, how they come and go. */
export function UsersPage({ search }: { search: UsersSearch }) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const [leaving, setLeaving] = useState<ManagedUser | null>(null);
  const size = search.size ?? 50;
  const list = useQuery(
    managedUsersQuery({
      limit: size,
      ...(search.q ? { q: search.q } : {}),
      ...(search.state ? { state: search.state } : {}),
      ...(search.cursor ? { cursor: search.cursor } : {}),
    }),
  );
  const paging = useCursorPaging(search.cursor);
  const columns = useUserColumns(setLeaving);
  const set = (changes: { [K in keyof UsersSearch]?: UsersSearch[K] | undefined }) =>
    void navigate({
      to: "/admin/users",
      search: (now) => ({ ...now, cursor: undefined, ...changes }) as UsersSearch,
      replace: true,
    });
  const add = () => set({ new: true, cursor: search.cursor });
  useCommands([{ id: "create.user", group: "create", title: t("users.add"), keys: "c", run: add }]);
  const rows = list.data?.items;
  const filtered = search.q !== undefined || search.state !== undefined;
  const clear = () => set({ q: undefined, state: undefined });
  return (
    <>
      <HandoverList />
      <div className={bar.bar}>
        <SearchInput label={t("users.search")} value={search.q ?? ""} onChange={(q) => set({ q: q || undefined })} />
        <Select
          className={bar.filter}
          w={170}
          aria-label={t("users.stateFilter")}
          placeholder={t("users.present")}
          clearable
          data={USER_STATES.map((state) => ({ value: state, label: t(`users.states.${state}`) }))}
          value={search.state ?? null}
          onChange={(state) => set({ state: (state as UserState | null) ?? undefined })}
        />
        {filtered && (
          <Button variant="subtle" color="gray" onClick={clear}>
            {common("action.clearFilters")}
          </Button>
        )}
        <div className={bar.spring} />
        <Button leftSection={<IconPlus size={16} />} onClick={add}>
          {t("users.add")}
        </Button>
      </div>
      <DataTable
        label={t("tab.users")}
        columns={columns}
        query={{
          rows,
          isFetching: list.isFetching,
          error: rows ? null : list.error,
          refetch: () => void list.refetch(),
        }}
        idOf={idOf}
        nameOf={(user) => user.name}
        empty={
          search.state === "deleted" && !search.q ? (
            <EmptyState icon={IconUsers} title={t("users.noneDeleted")} why={t("users.noneDeletedWhy")}>
              <Button variant="default" onClick={clear}>
                {common("action.clearFilters")}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={IconZoomExclamation} title={t("users.noMatch")} why={t("users.noMatchWhy")}>
              <Button variant="default" onClick={clear}>
                {common("action.clearFilters")}
              </Button>
            </EmptyState>
          )
        }
        pager={{
          page: paging.page,
          size,
          count: rows?.length ?? 0,
          onSize: (next) => set({ size: next === 50 ? undefined : next }),
          onPrevious: paging.previous,
          onNext: paging.next(list.data?.next_cursor),
        }}
      />
      {search.new && <AddUserDialog onClose={() => set({ new: undefined, cursor: search.cursor })} />}
      {leaving && <DeleteUserDialog user={leaving} onClose={() => setLeaving(null)} />}
    </>
  );
}
