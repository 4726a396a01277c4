import { Button, Group, Modal, Select, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { contactsQuery } from "@/api/contacts";
import type { Contact, MergedContact } from "@/api/types";
import { MergeDialog } from "./MergeDialog";

interface Props {
  contact: Contact;
  onClose: () => void;
  onMerged: (contact: MergedContact) => void;
}

/** Looks for the other record of the person, then merges. */
export function MergeWithDialog({ contact, onClose, onMerged }: Props) {
  const { t } = useTranslation("people");
  const [other, setOther] = useState<Contact | null>(null);
  if (other) return <MergeDialog first={contact} second={other} onClose={onClose} onMerged={onMerged} />;
  return (
    <Modal opened onClose={onClose} title={t("merge.withTitle", { name: contact.name })} size={480}>
      <OtherForm contact={contact} onChosen={setOther} onClose={onClose} />
    </Modal>
  );
}

interface OtherProps {
  contact: Contact;
  onChosen: (other: Contact) => void;
  onClose: () => void;
}

function OtherForm({ contact, onChosen, onClose }: OtherProps) {
  const { t } = useTranslation("people");
  const { t: common } = useTranslation();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<Contact | null>(null);
  const [asked] = useDebouncedValue(typed.trim(), 200);
  const q = chosen && asked === labelOf(chosen) ? "" : asked;
  const found = useQuery(contactsQuery({ limit: 10, ...(q ? { q } : {}) }));
  const people = (found.data?.items ?? []).filter(({ id }) => id !== contact.id);
  const shown = chosen && !people.some(({ id }) => id === chosen.id) ? [chosen, ...people] : people;
  return (
    <Stack gap={16}>
      <Select
        label={t("merge.other")}
        placeholder={t("merge.otherPlaceholder")}
        searchable
        data-autofocus
        nothingFoundMessage={t("merge.nobody")}
        // The server has searched already, by more than what the label shows.
        filter={({ options }) => options}
        data={shown.map((person) => ({ value: person.id, label: labelOf(person) }))}
        value={chosen?.id ?? null}
        onChange={(id) => setChosen(shown.find((person) => person.id === id) ?? null)}
        onSearchChange={setTyped}
      />
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          {common("action.cancel")}
        </Button>
        <Button disabled={!chosen} onClick={() => chosen && onChosen(chosen)}>
          {t("merge.next")}
        </Button>
      </Group>
    </Stack>
  );
}

const labelOf = ({ name, company, email }: Contact) => [name, company, email].filter(Boolean).join(" · ");
