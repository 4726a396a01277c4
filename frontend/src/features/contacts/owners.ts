import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { usersQuery } from "@/api/users";
import type { Contact } from "@/api/types";
import { useMe } from "@/shared/session";

/** Who can be filtered by: oneself first, then the colleagues. */
export function useOwnerChoices(rows: Contact[] | undefined, chosen: string | undefined) {
  const { t } = useTranslation("contacts");
  const me = useMe();
  const users = useQuery(usersQuery());
  const names = new Map<string, string>();
  for (const user of users.data?.items ?? []) names.set(user.id, user.name);
  for (const { owner } of rows ?? []) if (owner) names.set(owner.id, owner.name);
  if (me) names.delete(me.id);
  const others = [...names].map(([value, label]) => ({ value, label }));
  if (chosen && chosen !== me?.id && !names.has(chosen)) others.push({ value: chosen, label: t("someOwner") });
  return [...(me ? [{ value: me.id, label: t("me") }] : []), ...others];
}
