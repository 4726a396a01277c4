import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { usersQuery } from "@/api/users";
import { useMe } from "../session";

/** For people who may start Salesflows for others: whose mailbox, hours and signature the emails go by. */
export function OnBehalfField({ value, onChange }: { value: string | null; onChange: (user: string | null) => void }) {
  const { t } = useTranslation("enrollment");
  const me = useMe();
  const users = useQuery(usersQuery());
  const choices = (users.data?.items ?? []).map(({ id, name, email }) => ({
    value: id,
    label: id === me?.id ? t("add.myself", { name }) : `${name} · ${email}`,
  }));
  return (
    <Select
      label={t("add.onBehalf")}
      searchable
      allowDeselect={false}
      data={choices}
      value={value ?? me?.id ?? null}
      onChange={(user) => onChange(user === me?.id ? null : user)}
    />
  );
}
