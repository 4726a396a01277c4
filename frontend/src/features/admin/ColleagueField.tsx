import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { managedUsersQuery } from "@/api/admin";
import type { ManagedUser } from "@/api/types";

interface Props {
  /** Who leaves, and so can't be chosen. */
  without: string;
  value: ManagedUser | null;
  error?: string | null;
  onChange: (colleague: ManagedUser | null) => void;
}

/** Who takes over: an active user, searched by the server. */
export function ColleagueField({ without, value, error, onChange }: Props) {
  const { t } = useTranslation("admin");
  const [typed, setTyped] = useState("");
  // What was chosen stands in the field: that is no search.
  const wanted = value && typed === labelOf(value) ? "" : typed.trim();
  const [asked] = useDebouncedValue(wanted, 200);
  const found = useQuery(managedUsersQuery({ state: "active", limit: 50, ...(asked ? { q: asked } : {}) }));
  const others = (found.data?.items ?? []).filter(({ id }) => id !== without);
  const known = value && !others.some(({ id }) => id === value.id) ? [value, ...others] : others;
  return (
    <Select
      label={t("remove.to")}
      placeholder={t("remove.toPlaceholder")}
      searchable
      withAsterisk
      openOnFocus={false}
      nothingFoundMessage={t("remove.toNobody")}
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={setTyped}
      data={known.map((user) => ({ value: user.id, label: labelOf(user) }))}
      value={value?.id ?? null}
      error={error}
      onChange={(id) => onChange(known.find((user) => user.id === id) ?? null)}
    />
  );
}

const labelOf = ({ name, email }: ManagedUser) => `${name} · ${email}`;
