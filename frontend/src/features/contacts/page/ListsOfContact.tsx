import { ActionIcon, Menu, ScrollArea, Text, Title, Tooltip } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { contactQuery, putOnList, takeFromList } from "@/api/contacts";
import { listsQuery } from "@/api/directory";
import type { ContactDetail } from "@/api/types";
import { failed, undoable } from "@/shared/feedback";
import { AnchorLink } from "@/shared/links";
import classes from "./Standing.module.css";

interface Listed {
  id: string;
  name: string;
}

/** The lists on which a contact was put, and the means to change that. */
export function ListsOfContact({ contact }: { contact: ContactDetail }) {
  const { t } = useTranslation("contactPage");
  const put = useMembership(contact);
  return (
    <section className={classes.lists} aria-labelledby="contact-lists">
      <Title order={2} id="contact-lists">
        {t("lists.title")}
      </Title>
      <div className={classes.pills}>
        {contact.lists.map((list) => (
          <span key={list.id} className={classes.pill}>
            <AnchorLink to="/contacts" search={{ list: list.id }} size="sm">
              {list.name}
            </AnchorLink>
            <Tooltip label={t("lists.take", { list: list.name })}>
              <ActionIcon size={20} aria-label={t("lists.take", { list: list.name })} onClick={() => put(list, false)}>
                <IconX size={12} />
              </ActionIcon>
            </Tooltip>
          </span>
        ))}
        <AddToList contact={contact} onPick={(list) => put(list, true)} />
      </div>
    </section>
  );
}

function AddToList({ contact, onPick }: { contact: ContactDetail; onPick: (list: Listed) => void }) {
  const { t } = useTranslation("contactPage");
  const lists = useQuery(listsQuery()).data ?? [];
  const others = lists.filter(({ id, kind }) => kind === "static" && !contact.lists.some((list) => list.id === id));
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <Tooltip label={t("lists.put")}>
          <ActionIcon size={24} variant="default" aria-label={t("lists.put")}>
            <IconPlus size={14} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {others.length === 0 && (
          <Text size="sm" c="dimmed" p={8}>
            {t("lists.none")}
          </Text>
        )}
        <ScrollArea.Autosize mah={260} type="auto">
          {others.map((list) => (
            <Menu.Item key={list.id} onClick={() => onPick(list)}>
              {list.name}
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Puts the contact on a list or takes it from there, and says how to take that back. */
function useMembership({ id }: ContactDetail) {
  const { t } = useTranslation("contactPage");
  const queryClient = useQueryClient();
  const { queryKey } = contactQuery(id);
  const change = async (list: Listed, on: boolean) => {
    await (on ? putOnList(list.id, id) : takeFromList(list.id, id));
    queryClient.setQueryData(queryKey, (now) => {
      const others = now?.lists.filter((each) => each.id !== list.id) ?? [];
      return now && { ...now, lists: on ? [...others, { id: list.id, name: list.name }] : others };
    });
    void queryClient.invalidateQueries({ queryKey: ["contact-lists"] });
    void queryClient.invalidateQueries({ queryKey: ["contacts"] });
  };
  const changing = useMutation({
    mutationFn: ({ list, on }: { list: Listed; on: boolean }) => change(list, on),
    onError: failed,
  });
  return (list: Listed, on: boolean) =>
    changing.mutate(
      { list, on },
      {
        onSuccess: () =>
          undoable(t(on ? "lists.putDone" : "lists.taken", { list: list.name }), () =>
            changing.mutate({ list, on: !on }),
          ),
      },
    );
}
