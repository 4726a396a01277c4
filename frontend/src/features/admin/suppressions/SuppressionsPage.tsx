import { Button, Select, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconPlus, IconShieldCheck } from "@tabler/icons-react";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { removeSuppression, suppressionsQuery } from "@/api/people";
import type { Suppression, SuppressionKind } from "@/api/types";
import { useCommands } from "@/shared/commands";
import { confirmed, failed, said } from "@/shared/feedback";
import { EmptyState } from "@/shared/states";
import { useCursorPaging } from "@/shared/table/cursors";
import { DataTable } from "@/shared/table/DataTable";
import bar from "@/shared/table/FilterBar.module.css";
import { CheckField } from "./CheckField";
import { KINDS, type SuppressionsSearch } from "./search";
import { SuppressDialog } from "./SuppressDialog";
import { useSuppressionColumns } from "./useColumns";
import { valueOf } from "./words";

const idOf = (entry: Suppression) => entry.id;

/** Whom nobody writes to or calls, whatever becomes of their contacts. */
export function SuppressionsPage({ search }: { search: SuppressionsSearch }) {
  const { t } = useTranslation("people");
  const navigate = useNavigate();
  const size = search.size ?? 50;
  const list = useQuery(
    suppressionsQuery({
      limit: size,
      ...(search.kind ? { kind: search.kind } : {}),
      ...(search.cursor ? { cursor: search.cursor } : {}),
    }),
  );
  const paging = useCursorPaging(search.cursor);
  const columns = useSuppressionColumns(useRemoving());
  const set = (changes: { [K in keyof SuppressionsSearch]?: SuppressionsSearch[K] | undefined }) =>
    void navigate({
      to: "/admin/suppressions",
      search: (now) => ({ ...now, cursor: undefined, ...changes }) as SuppressionsSearch,
      replace: true,
    });
  const add = () => set({ new: true, cursor: search.cursor });
  useCommands([{ id: "create.suppression", group: "create", title: t("suppressions.add"), keys: "c", run: add }]);
  const rows = list.data?.items;
  const button = (
    <Button leftSection={<IconPlus size={16} />} onClick={add}>
      {t("suppressions.add")}
    </Button>
  );
  return (
    <>
      <Text size="sm" c="dimmed" maw={720} mb={12}>
        {t("suppressions.why")}
      </Text>
      <div className={bar.bar}>
        <CheckField />
        <Select
          className={bar.filter}
          w={150}
          aria-label={t("suppressions.kind")}
          placeholder={t("suppressions.allKinds")}
          clearable
          data={KINDS.map((kind) => ({ value: kind, label: t(`suppressions.kinds.${kind}`) }))}
          value={search.kind ?? null}
          onChange={(kind) => set({ kind: (kind as SuppressionKind | null) ?? undefined })}
        />
        <div className={bar.spring} />
        {button}
      </div>
      <DataTable
        label={t("suppressions.title")}
        columns={columns}
        query={{
          rows,
          isFetching: list.isFetching,
          error: rows ? null : list.error,
          refetch: () => void list.refetch(),
        }}
        idOf={idOf}
        nameOf={valueOf}
        empty={<EmptyState icon={IconShieldCheck} title={t("suppressions.empty")} why={t("suppressions.emptyWhy")} />}
        pager={{
          page: paging.page,
          size,
          count: rows?.length ?? 0,
          onSize: (next) => set({ size: next === 50 ? undefined : next }),
          onPrevious: paging.previous,
          onNext: paging.next(list.data?.next_cursor),
        }}
      />
      {search.new && <SuppressDialog onClose={() => set({ new: undefined, cursor: search.cursor })} />}
    </>
  );
}

/** Asks first: from then on the address can be written to again. */
function useRemoving() {
  const { t } = useTranslation("people");
  const queryClient = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: removeSuppression,
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["suppressions"] });
      said(t("suppressions.removed"));
    },
    onError: failed,
  });
  return useCallback(
    async (entry: Suppression) => {
      const asked = { title: t("suppressions.removeTitle"), body: t("suppressions.removeBody") };
      if (await confirmed({ ...asked, confirm: t("suppressions.remove"), danger: true })) mutate(entry.id);
    },
    [t, mutate],
  );
}
