import { Button, Menu, Switch, Text, Tooltip } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import {
  IconBookmark,
  IconChevronDown,
  IconDeviceFloppy,
  IconPencil,
  IconRestore,
  IconShare,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeView, deleteView, saveView, viewsQuery } from "@/api/directory";
import type { ContactView, ContactViewChanges } from "@/api/types";
import { confirmed, failed, said } from "@/shared/feedback";
import { useMe } from "@/shared/session";
import { NameDialog } from "./NameDialog";
import { type ContactsSearch, searchOf, showsSame, stateOf } from "./search";
import classes from "./Views.module.css";

interface Props {
  /** What is shown now, its columns named. */
  search: ContactsSearch;
  timeZone: string;
  /** Shows another search in place of this one. */
  onShow: (search: ContactsSearch) => void;
}

const ALL = "all";

/** Saved views: one's own and those of colleagues, what is changed in the one that is open, and what can be done. */
export function ViewsMenu({ search, timeZone, onShow }: Props) {
  const { t } = useTranslation("directory");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const me = useMe();
  const [dialog, setDialog] = useState<"save" | "rename" | null>(null);
  const views = useQuery(viewsQuery()).data;
  const view = views?.find(({ id }) => id === search.view);
  const changed = view !== undefined && !showsSame(search, searchOf(view, timeZone));
  const mayChange = view !== undefined && (view.mine || me?.role === "administrator");
  const usual = !view && showsSame(search, {});
  const groups = [
    { label: t("view.mine"), found: views?.filter((each) => each.mine) ?? [] },
    { label: t("view.shared"), found: views?.filter((each) => !each.mine) ?? [] },
  ];

  const put = (kept: ContactView) =>
    queryClient.setQueryData<ContactView[]>(viewsQuery().queryKey, (known) => {
      const others = (known ?? []).filter(({ id }) => id !== kept.id);
      return [...others, kept].toSorted((one, other) => one.name.localeCompare(other.name));
    });
  const change = async (changes: ContactViewChanges, message: string) => {
    if (!view) return;
    put(await changeView(view.id, changes));
    said(message);
  };
  const save = () =>
    void change({ state: stateOf(search, timeZone) }, t("view.saved", { name: view?.name })).catch(failed);
  const share = () =>
    void change(
      { shared: !view?.shared },
      t(view?.shared ? "view.nowPrivate" : "view.nowShared", { name: view?.name }),
    ).catch(failed);
  const remove = async () => {
    if (!view) return;
    const title = t("view.deleteTitle", { name: view.name });
    const body = t(view.shared ? "view.deleteShared" : "view.deleteBody");
    if (!(await confirmed({ title, body, confirm: t("view.delete"), danger: true }))) return;
    try {
      await deleteView(view.id);
      queryClient.setQueryData<ContactView[]>(viewsQuery().queryKey, (known) =>
        known?.filter(({ id }) => id !== view.id),
      );
      onShow({ ...search, view: undefined } as unknown as ContactsSearch);
      said(t("view.deleted", { name: view.name }));
    } catch (error) {
      failed(error);
    }
  };

  return (
    <>
      <Menu position="bottom-start" width={280}>
        <Menu.Target>
          <Button
            variant="default"
            className={classes.button}
            leftSection={<IconBookmark size={15} stroke={1.6} />}
            rightSection={<IconChevronDown size={14} stroke={1.6} />}
            aria-label={
              view
                ? t(changed ? "view.labelChanged" : "view.label", { name: view.name })
                : t("view.label", { name: t("view.all") })
            }
          >
            <span className={classes.name}>{view?.name ?? t("view.all")}</span>
            {changed && (
              <Tooltip label={t("view.changed")}>
                <span className={classes.dot} />
              </Tooltip>
            )}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={classes.dropdown}>
          <Menu.RadioGroup value={view?.id ?? (usual ? ALL : "")}>
            <ViewItem name={t("view.all")} value={ALL} onClick={() => onShow({})} />
            {groups
              .filter(({ found }) => found.length > 0)
              .map(({ label, found }) => (
                <div key={label}>
                  <Menu.Label>{label}</Menu.Label>
                  {found.map((each) => (
                    <ViewItem
                      key={each.id}
                      name={each.name}
                      note={each.mine && each.shared ? t("view.isShared") : undefined}
                      value={each.id}
                      onClick={() => onShow(searchOf(each, timeZone))}
                    />
                  ))}
                </div>
              ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          {changed && mayChange && (
            <Menu.Item leftSection={<IconDeviceFloppy size={15} />} onClick={save}>
              {t("view.save")}
            </Menu.Item>
          )}
          {changed && (
            <Menu.Item leftSection={<IconRestore size={15} />} onClick={() => onShow(searchOf(view, timeZone))}>
              {t("view.reset")}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconBookmark size={15} />} onClick={() => setDialog("save")}>
            {t("view.saveAs")}
          </Menu.Item>
          {mayChange && (
            <>
              <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setDialog("rename")}>
                {t("view.rename")}
              </Menu.Item>
              <Menu.Item leftSection={<IconShare size={15} />} onClick={share}>
                {t(view.shared ? "view.unshare" : "view.share")}
              </Menu.Item>
              <Menu.Item color="var(--danger)" leftSection={<IconTrash size={15} />} onClick={() => void remove()}>
                {t("view.delete")}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog === "save" && (
        <SaveDialog
          onSubmit={async (name, shared) => {
            const kept = await saveView({ name, shared, state: stateOf(search, timeZone) });
            put(kept);
            onShow(searchOf(kept, timeZone));
            said(t("view.saved", { name }));
          }}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === "rename" && view && (
        <NameDialog
          title={t("view.renameTitle")}
          submit={common("action.save")}
          name={view.name}
          taken={t("view.taken")}
          onSubmit={(name) => change({ name }, t("view.saved", { name }))}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  );
}

interface ItemProps {
  name: string;
  note?: string | undefined;
  value: string;
  onClick: () => void;
}

function ViewItem({ value, name, note, onClick }: ItemProps) {
  return (
    <Menu.RadioItem closeMenuOnClick value={value} onClick={onClick}>
      <span className={classes.item}>
        <span className={classes.name}>{name}</span>
        {note && (
          <Text span size="xs" c="dimmed">
            {note}
          </Text>
        )}
      </span>
    </Menu.RadioItem>
  );
}

interface SaveProps {
  onSubmit: (name: string, shared: boolean) => Promise<void>;
  onClose: () => void;
}

function SaveDialog({ onSubmit, onClose }: SaveProps) {
  const { t } = useTranslation("directory");
  const [shared, setShared] = useState(false);
  return (
    <NameDialog
      title={t("view.saveTitle")}
      submit={t("view.saveSubmit")}
      placeholder={t("view.example")}
      taken={t("view.taken")}
      onSubmit={(name) => onSubmit(name, shared)}
      onClose={onClose}
    >
      <Switch
        size="sm"
        label={t("view.shareLabel")}
        checked={shared}
        onChange={(event) => setShared(event.currentTarget.checked)}
      />
    </NameDialog>
  );
}
