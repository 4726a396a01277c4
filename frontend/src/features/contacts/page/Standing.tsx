import { Select, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { contactQuery, statusesQuery } from "@/api/contacts";
import type { ContactChanges, ContactDetail } from "@/api/types";
import { failed, undoable } from "@/shared/feedback";
import { Initials, StatusDot } from "@/shared/marks";
import { useMe } from "@/shared/session";
import { When } from "@/shared/When";
import { useOwnerChoices } from "../directory/choices";
import { ListsOfContact } from "./ListsOfContact";
import classes from "./Standing.module.css";

interface Props {
  contact: ContactDetail;
  save: (changes: ContactChanges) => Promise<void>;
}

/** Where a contact stands with us: status, owner, lists, and when something happened last. */
export function Standing({ contact, save }: Props) {
  const { t } = useTranslation("contacts");
  return (
    <div className={classes.standing}>
      <div className={classes.pair}>
        <StatusField contact={contact} save={save} />
        <OwnerField contact={contact} save={save} />
      </div>
      <ListsOfContact contact={contact} />
      <dl className={classes.times}>
        <Time label={t("page.lastActivity")}>
          <When at={contact.last_activity_at} />
        </Time>
        <Time label={t("page.createdOn")}>
          <When at={contact.created_at} as="date" />
        </Time>
      </dl>
    </div>
  );
}

function Time({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className={classes.time}>
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <Text component="dd" size="sm" m={0}>
        {children}
      </Text>
    </div>
  );
}

/** Shows a choice at once, and puts it back when the server refuses. */
function useChoice({ contact, save }: Props) {
  const queryClient = useQueryClient();
  const { queryKey } = contactQuery(contact.id);
  return useMutation({
    mutationFn: ({ changes }: { changes: ContactChanges; shown: Partial<ContactDetail> }) => save(changes),
    onMutate: async ({ shown }) => {
      await queryClient.cancelQueries({ queryKey });
      const before = queryClient.getQueryData(queryKey);
      queryClient.setQueryData(queryKey, (now) => now && { ...now, ...shown });
      return before;
    },
    onError: (error, _choice, before) => {
      queryClient.setQueryData(queryKey, before);
      void queryClient.invalidateQueries({ queryKey });
      failed(error);
    },
  });
}

function StatusField(props: Props) {
  const { contact } = props;
  const { t } = useTranslation("contacts");
  const statuses = useQuery(statusesQuery()).data?.items ?? [];
  const { mutate } = useChoice(props);
  const put = (status: string) => ({ changes: { status }, shown: { status } });
  const change = (status: string | null) => {
    if (!status || status === contact.status) return;
    const before = contact.status;
    mutate(put(status), {
      onSuccess: () => undoable(t("page.statusChanged", { status }), () => mutate(put(before))),
    });
  };
  const colorOf = (label: string) => statuses.find((status) => status.label === label)?.color;
  return (
    <Select
      label={t("field.status")}
      allowDeselect={false}
      data={statuses.map(({ label }) => label)}
      value={contact.status}
      onChange={change}
      leftSection={<StatusDot label="" color={colorOf(contact.status)} />}
      leftSectionWidth={26}
      renderOption={({ option }) => <StatusDot label={option.label} color={colorOf(option.label)} />}
    />
  );
}

function OwnerField(props: Props) {
  const { contact } = props;
  const { t } = useTranslation("contacts");
  const { t: own } = useTranslation("contactPage");
  const me = useMe();
  const choices = useOwnerChoices();
  const { mutate } = useChoice(props);
  const owner = contact.owner;
  const data = choices.map(({ value, label }) => ({ value, label }));
  if (owner && !choices.some(({ value }) => value === owner.id)) data.push({ value: owner.id, label: owner.name });
  const nameOf = (id: string | null) =>
    (id === me?.id ? me?.name : data.find(({ value }) => value === id)?.label) ?? "";
  const saidOf = (id: string | null) => {
    if (!id) return own("ownerRemoved");
    return id === me?.id ? own("ownerIsYou") : own("ownerChanged", { name: nameOf(id) });
  };
  const put = (id: string | null, name: string) => ({
    changes: { owner_id: id },
    shown: { owner: id ? { id, name } : null },
  });
  const change = (id: string | null) => {
    if (id === (owner?.id ?? null)) return;
    mutate(put(id, nameOf(id)), {
      onSuccess: () => undoable(saidOf(id), () => mutate(put(owner?.id ?? null, owner?.name ?? ""))),
    });
  };
  return (
    <Select
      label={t("field.owner")}
      placeholder={t("page.noOwner")}
      searchable={data.length > 8}
      clearable
      data={data}
      value={owner?.id ?? null}
      onChange={change}
      {...(owner ? { leftSection: <Initials name={owner.name} size={18} />, leftSectionWidth: 30 } : {})}
    />
  );
}
