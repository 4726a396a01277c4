import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { statusesQuery } from "@/api/contacts";
import { listsQuery } from "@/api/directory";
import { salesflowsQuery } from "@/api/salesflows";
import { usersQuery } from "@/api/users";
import { StatusDot } from "@/shared/marks";
import { useMe } from "@/shared/session";
import type { Choice } from "./ChoiceFilter";

export function useStatusChoices(): Choice[] {
  return (useQuery(statusesQuery()).data?.items ?? []).map(({ label, color }) => ({
    value: label,
    label,
    shown: <StatusDot label={label} color={color} />,
  }));
}

/** Oneself first, then the colleagues. */
export function useOwnerChoices(): Choice[] {
  const { t } = useTranslation("contacts");
  const me = useMe();
  const users = useQuery(usersQuery()).data?.items ?? [];
  const others = users.filter(({ id }) => id !== me?.id).map(({ id, name }) => ({ value: id, label: name }));
  return [...(me ? [{ value: me.id, label: t("me") }] : []), ...others];
}

export function useListChoices(): Choice[] {
  return (useQuery(listsQuery()).data ?? []).map(({ id, name }) => ({ value: id, label: name }));
}

export function useSalesflowChoices(): Choice[] {
  const flows = useQuery(salesflowsQuery({ limit: 100 })).data?.items ?? [];
  return flows.map(({ id, name }) => ({ value: id, label: name }));
}
