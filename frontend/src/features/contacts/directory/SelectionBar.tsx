import { ActionIcon, Button, Menu, Text, Tooltip } from "@mantine/core";
import {
  IconChevronDown,
  IconCircleDot,
  IconDownload,
  IconListCheck,
  IconPlaylistX,
  IconSend,
  IconTrash,
  IconUser,
  IconX,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { listsQuery } from "@/api/directory";
import type { BulkAction, Contact, ContactFilter } from "@/api/types";
import { EnrollDialog } from "@/shared/enroll/EnrollDialog";
import { confirmed } from "@/shared/feedback";
import { useFormat } from "@/shared/format";
import { useMe } from "@/shared/session";
import { useOwnerChoices, useStatusChoices } from "./choices";
import { counted } from "./counted";
import { NewListDialog } from "./NewListDialog";
import { PickButton } from "./PickButton";
import classes from "./Selection.module.css";
import { useBulk } from "./useBulk";

interface Props {
  /** Those who were ticked, on whatever page. */
  contacts: Contact[];
  /** Everybody who matches is meant. */
  all: boolean;
  filter: ContactFilter;
  /** How many match; null while that is not known. */
  total: number | null;
  /** Whether the whole page is ticked, so that the rest can be meant too. */
  wholePage: boolean;
  /** The list that is looked at. */
  listId: string | undefined;
  /** What an export of what is shown has. */
  columns: string[];
  onSelectAll: () => void;
  onClear: () => void;
}

const NEW = "new";
const NOBODY = "nobody";

/** What can be done with those who are selected; each is work in the background that can be taken back. */
export function SelectionBar(props: Props) {
  const { contacts, all, filter, total, wholePage, listId, columns, onSelectAll, onClear } = props;
  const { t } = useTranslation("directory");
  const { t: words } = useTranslation("contacts");
  const { t: common } = useTranslation();
  const { number } = useFormat();
  const isAdministrator = useMe()?.role === "administrator";
  const [dialog, setDialog] = useState<"salesflow" | "list" | null>(null);
  const { act, start, busy } = useBulk(onClear);
  const clearing = useRef<HTMLButtonElement>(null);
  const target = all ? { filter } : { contact_ids: contacts.map(({ id }) => id) };
  const count = all ? (total ?? 0) : contacts.length;
  const many = all ? counted(count, number) : number(count);
  const lists = useStaticLists();
  const here = lists.find(({ value }) => value === listId);
  const apply = (action: BulkAction) => act(target, action);

  const selectAll = () => {
    onSelectAll();
    // This button goes, and whoever came by keys goes on beside it.
    clearing.current?.focus();
  };

  const remove = async () => {
    const title = t("bulk.deleteTitle", { count, many });
    const body = t(isAdministrator ? "bulk.deleteBody" : "bulk.deleteOwn");
    if (await confirmed({ title, body, confirm: t("bulk.deleteConfirm", { count, many }), danger: true }))
      apply({ kind: "delete" });
  };

  return (
    <div className={classes.bar} role="toolbar" aria-label={words("selection")}>
      <div className={classes.who}>
        <Text size="sm" fw={500} aria-live="polite" className={classes.count}>
          {all ? t("bulk.all", { many }) : common("table.selected", { count })}
        </Text>
        <Tooltip label={common("table.clearSelection")}>
          <ActionIcon ref={clearing} size={28} aria-label={common("table.clearSelection")} onClick={onClear}>
            <IconX size={15} />
          </ActionIcon>
        </Tooltip>
        {!all && wholePage && total !== null && total > count && (
          <Button size="compact-sm" variant="subtle" onClick={selectAll}>
            {t("bulk.selectAll", { many: counted(total, number) })}
          </Button>
        )}
      </div>
      <div className={classes.acts}>
        <PickButton
          label={words("field.status")}
          icon={<IconCircleDot size={15} stroke={1.6} />}
          choices={useStatusChoices()}
          nothing={t("filter.nothing")}
          busy={busy}
          onPick={({ value }) => apply({ kind: "set_status", status: value })}
        />
        <PickButton
          label={words("field.owner")}
          icon={<IconUser size={15} stroke={1.6} />}
          choices={[...useOwnerChoices(), { value: NOBODY, label: t("bulk.nobody") }]}
          nothing={t("filter.nothing")}
          busy={busy}
          onPick={({ value }) => apply({ kind: "set_owner", owner_id: value === NOBODY ? null : value })}
        />
        <PickButton
          label={t("bulk.addToList")}
          icon={<IconListCheck size={15} stroke={1.6} />}
          choices={[{ value: NEW, label: t("list.newOne") }, ...lists]}
          nothing={t("filter.nothing")}
          busy={busy}
          onPick={({ value }) => (value === NEW ? setDialog("list") : apply({ kind: "add_to_list", list_id: value }))}
        />
        {lists.length > 0 && (
          <PickButton
            label={t("bulk.removeFromList")}
            icon={<IconPlaylistX size={15} stroke={1.6} />}
            choices={here ? [here, ...lists.filter((each) => each !== here)] : lists}
            nothing={t("filter.nothing")}
            busy={busy}
            onPick={({ value }) => apply({ kind: "remove_from_list", list_id: value })}
          />
        )}
        <Button leftSection={<IconSend size={15} />} disabled={busy} onClick={() => setDialog("salesflow")}>
          {words("addToSalesflow")}
        </Button>
        <Menu position="bottom-end" width={220}>
          <Menu.Target>
            <Button
              variant="default"
              leftSection={<IconDownload size={15} stroke={1.6} />}
              rightSection={<IconChevronDown size={13} />}
              disabled={busy}
            >
              {t("bulk.export")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => apply({ kind: "export", columns })}>{t("bulk.exportShown")}</Menu.Item>
            <Menu.Item onClick={() => apply({ kind: "export" })}>{t("bulk.exportAll")}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <Button
          variant="subtle"
          color="red"
          leftSection={<IconTrash size={15} stroke={1.6} />}
          disabled={busy}
          onClick={() => void remove()}
        >
          {common("action.delete")}
        </Button>
      </div>
      {dialog === "list" && (
        <NewListDialog
          onCreated={(list) => start(target, { kind: "add_to_list", list_id: list.id })}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === "salesflow" && (
        <EnrollDialog
          audience={all ? { filter, total: count } : { contacts }}
          onStart={(audience, wish) =>
            start(
              "filter" in audience
                ? { filter: audience.filter }
                : { contact_ids: audience.contacts.map(({ id }) => id) },
              { kind: "add_to_salesflow", ...wish },
            )
          }
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );
}

/** Lists on which contacts are put by hand. */
function useStaticLists() {
  const lists = useQuery(listsQuery()).data ?? [];
  return lists.filter(({ kind }) => kind === "static").map(({ id, name }) => ({ value: id, label: name }));
}
