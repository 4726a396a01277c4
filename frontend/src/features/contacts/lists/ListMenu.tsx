import { ActionIcon, Menu } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconDots, IconFilter, IconPencil, IconTrash, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeList, deleteList, listsQuery } from "@/api/directory";
import type { ContactList } from "@/api/types";
import { confirmed, failed, said } from "@/shared/feedback";
import { MenuLink } from "@/shared/links";
import { useMe } from "@/shared/session";
import { NameDialog } from "../directory/NameDialog";
import { searchOfFilter, searchToEdit } from "../directory/search";
import { useMayChange } from "./useMayChange";

/** What can be done with a list: for who made it and Administrators, more. */
export function ListMenu({ list }: { list: ContactList }) {
  const { t } = useTranslation("directory");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const me = useMe();
  const [renaming, setRenaming] = useState(false);
  const timeZone = me?.time_zone ?? "UTC";
  const mayChange = useMayChange()(list);
  const { queryKey } = listsQuery();
  const put = (change: (lists: ContactList[]) => ContactList[]) =>
    queryClient.setQueryData<ContactList[]>(queryKey, (known) => known && change(known));

  const remove = async () => {
    const title = t("list.deleteTitle", { name: list.name });
    if (!(await confirmed({ title, body: t("list.deleteBody"), confirm: t("list.delete"), danger: true }))) return;
    try {
      await deleteList(list.id);
      put((lists) => lists.filter(({ id }) => id !== list.id));
      said(t("list.deleted", { name: list.name }));
    } catch (error) {
      failed(error);
      void queryClient.invalidateQueries({ queryKey });
    }
  };
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon size={28} aria-label={t("list.menu", { name: list.name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuLink to="/contacts" search={{ list: list.id }} leftSection={<IconUsers size={15} />}>
            {t("list.open")}
          </MenuLink>
          {list.filter && (
            <MenuLink
              to="/contacts"
              search={mayChange ? searchToEdit(list, timeZone) : searchOfFilter(list.filter, timeZone)}
              leftSection={<IconFilter size={15} />}
            >
              {t(mayChange ? "list.editFilter" : "list.showFilter")}
            </MenuLink>
          )}
          {mayChange && (
            <>
              <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setRenaming(true)}>
                {t("list.rename")}
              </Menu.Item>
              <Menu.Item color="var(--danger)" leftSection={<IconTrash size={15} />} onClick={() => void remove()}>
                {t("list.delete")}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {renaming && (
        <NameDialog
          title={t("list.renameTitle")}
          submit={common("action.save")}
          name={list.name}
          taken={t("list.taken")}
          onSubmit={async (name) => {
            const kept = await changeList(list, { name });
            put((lists) => lists.map((each) => (each.id === kept.id ? kept : each)));
          }}
          onClose={() => setRenaming(false)}
        />
      )}
    </>
  );
}
