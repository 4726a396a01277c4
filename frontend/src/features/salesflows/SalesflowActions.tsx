import { ActionIcon, Button, Menu } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  IconArchive,
  IconDots,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconTrash,
  IconUserPlus,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeSalesflow, deleteSalesflow, type SalesflowAct, salesflowQuery } from "@/api/salesflows";
import type { SalesflowDetail } from "@/api/types";
import { useFormat } from "@/shared/format";
import { confirmed, failed, said, undoable } from "@/shared/feedback";
import { RenameDialog } from "./NewSalesflowDialog";
import type { Saving } from "./useSaveSteps";

interface Props {
  salesflow: SalesflowDetail;
  saving: Saving;
  onAdd: () => void;
}

/** What can be done with a Salesflow in its state. What sets people going, or ends it for them, names how many. */
export function SalesflowActions({ salesflow, saving, onAdd }: Props) {
  const { t } = useTranslation("salesflows");
  const { t: common } = useTranslation();
  const { t: words } = useTranslation("enrollment");
  const [renaming, setRenaming] = useState(false);
  const { acting, activate, pause, archive, remove } = useSalesflowActs(salesflow, saving);
  const { state } = salesflow;
  return (
    <>
      {state === "active" && (
        <>
          <Button variant="default" leftSection={<IconPlayerPause size={15} />} loading={acting} onClick={pause}>
            {t("act.pause")}
          </Button>
          <Button leftSection={<IconUserPlus size={15} />} onClick={onAdd} data-tour="start-salesflow">
            {words("add.title")}
          </Button>
        </>
      )}
      {(state === "draft" || state === "paused") && (
        <Button leftSection={<IconPlayerPlay size={15} />} loading={acting} onClick={() => void activate()}>
          {t("act.activate")}
        </Button>
      )}
      <Menu position="bottom-end" width={180}>
        <Menu.Target>
          <ActionIcon variant="default" size={32} aria-label={common("action.more")}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setRenaming(true)}>
            {t("rename")}
          </Menu.Item>
          {state !== "archived" && (
            <Menu.Item leftSection={<IconArchive size={15} />} onClick={() => void archive()}>
              {t("act.archive")}
            </Menu.Item>
          )}
          {/* One in which somebody was is archived; what happened stays. */}
          {salesflow.counts.enrolled === 0 && (
            <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => void remove()}>
              {common("action.delete")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {renaming && <RenameDialog salesflow={salesflow} onClose={() => setRenaming(false)} />}
    </>
  );
}

function useSalesflowActs(salesflow: SalesflowDetail, saving: Saving) {
  const { t } = useTranslation("salesflows");
  const { t: common } = useTranslation();
  const { number } = useFormat();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { name, counts } = salesflow;
  const under = counts.active + counts.paused;
  const acting = useMutation({
    mutationFn: (act: SalesflowAct) => changeSalesflow(salesflow.id, act),
    onSuccess: (changed) => {
      queryClient.setQueryData(salesflowQuery(salesflow.id).queryKey, changed);
      void queryClient.invalidateQueries({ queryKey: ["salesflows"] });
    },
    onError: failed,
  });
  const activate = async () => {
    if (!(await saving.save(true))) return;
    const question = {
      title: t("confirm.activateTitle", { name }),
      body: t("confirm.activate", { count: counts.active, total: number(counts.active) }),
      confirm: t("act.activate"),
    };
    if (counts.active > 0 && !(await confirmed(question))) return;
    acting.mutate("activate", { onSuccess: () => said(t("done.activate", { name })) });
  };
  const pause = () =>
    acting.mutate("pause", {
      onSuccess: () => undoable(t("done.pause", { name }), () => acting.mutate("activate")),
    });
  const archive = async () => {
    const question = {
      title: t("confirm.archiveTitle", { name }),
      body: t("confirm.archive", { count: under, total: number(under) }),
      confirm: t("act.archive"),
      danger: under > 0,
    };
    if (await confirmed(question)) acting.mutate("archive", { onSuccess: () => said(t("done.archive", { name })) });
  };
  const removing = useMutation({
    mutationFn: () => deleteSalesflow(salesflow.id),
    onSuccess: async () => {
      await navigate({ to: "/content/salesflows", ignoreBlocker: true });
      void queryClient.invalidateQueries({ queryKey: ["salesflows", "list"] });
      said(t("done.delete", { name }));
    },
    onError: failed,
  });
  const remove = async () => {
    const question = {
      title: t("confirm.deleteTitle", { name }),
      body: t("confirm.delete"),
      confirm: common("action.delete"),
      danger: true,
    };
    if (await confirmed(question)) removing.mutate();
  };
  return { acting: acting.isPending || saving.pending, activate, pause, archive, remove };
}
