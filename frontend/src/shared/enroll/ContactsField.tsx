import { Input, MultiSelect, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { contactsQuery } from "@/api/contacts";
import type { ContactFilter } from "@/api/types";
import { useFormat } from "../format";

type Person = { id: string; name: string; email?: string | null };

/** Some people, or everybody that filters match. */
export type Audience = { contacts: Person[] } | { filter: ContactFilter; total: number };

interface Props {
  audience: Audience;
  onChange: (audience: Audience) => void;
}

export function ContactsField({ audience, onChange }: Props) {
  const { t } = useTranslation("enrollment");
  const { number } = useFormat();
  if ("filter" in audience) {
    return (
      <Input.Wrapper label={t("add.contacts")} labelElement="div">
        <Text size="sm">{t("add.matching", { count: audience.total, total: number(audience.total) })}</Text>
      </Input.Wrapper>
    );
  }
  return <PeopleField people={audience.contacts} onChange={(contacts) => onChange({ contacts })} />;
}

function PeopleField({ people, onChange }: { people: Person[]; onChange: (people: Person[]) => void }) {
  const { t } = useTranslation("enrollment");
  const [typed, setTyped] = useState("");
  const [opened, setOpened] = useState(false);
  const [asked] = useDebouncedValue(typed.trim(), 200);
  const found = useQuery(contactsQuery({ limit: 10, ...(asked ? { q: asked } : {}) }));
  const known = new Map<string, Person>();
  for (const person of [...people, ...(found.data?.items ?? [])]) known.set(person.id, person);
  return (
    <MultiSelect
      label={t("add.contacts")}
      placeholder={people.length ? undefined : t("add.contactsPlaceholder")}
      searchable
      openOnFocus={false}
      hidePickedOptions
      maxDropdownHeight={220}
      nothingFoundMessage={t("add.contactsNothing")}
      // The server has searched already, by more than what the label shows.
      filter={({ options }) => options}
      styles={{ inputField: { minWidth: 60 }, pillsList: { maxHeight: 132, overflowY: "auto" } }}
      // One choice closes it, so that what will happen can be read below.
      dropdownOpened={opened}
      onDropdownOpen={() => setOpened(true)}
      onDropdownClose={() => setOpened(false)}
      onOptionSubmit={() => setOpened(false)}
      searchValue={typed}
      onSearchChange={(text) => {
        setTyped(text);
        if (text) setOpened(true);
      }}
      data={[...known.values()].map(({ id, name, email }) => ({
        value: id,
        label: people.some((person) => person.id === id) || !email ? name : `${name} · ${email}`,
      }))}
      value={people.map(({ id }) => id)}
      onChange={(ids) => onChange(ids.flatMap((id) => known.get(id) ?? []))}
    />
  );
}
