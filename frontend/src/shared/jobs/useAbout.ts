import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { statusesQuery } from "@/api/contacts";
import { listsQuery } from "@/api/directory";
import { salesflowsQuery } from "@/api/salesflows";
import type { Job } from "@/api/types";
import { usersQuery } from "@/api/users";

type Found = { id: string; name: string } | undefined;

/** What a job is about, by its name: the status that is set, the list, the Salesflow. Null where there is nothing. */
export function useAbout({ kind, asked }: Job): string | null {
  const { t } = useTranslation("jobs");
  const wants = (name: string) => typeof asked[name] === "string";
  const statuses = useQuery({ ...statusesQuery(), enabled: wants("status_id") }).data?.items ?? [];
  const users = useQuery({ ...usersQuery(), enabled: wants("owner_id") }).data?.items ?? [];
  const lists = useQuery({ ...listsQuery(), enabled: wants("list_id") }).data ?? [];
  const flows = useQuery({ ...salesflowsQuery({ limit: 100 }), enabled: wants("salesflow_id") }).data?.items ?? [];
  if (kind === "bulk_set_owner" && asked.owner_id === null) return t("nobody");
  const status = statuses.find(({ id }) => id === asked.status_id);
  const found: Found[] = [
    status && { id: status.id, name: status.label },
    users.find(({ id }) => id === asked.owner_id),
    lists.find(({ id }) => id === asked.list_id),
    flows.find(({ id }) => id === asked.salesflow_id),
  ];
  return found.find((each) => each !== undefined)?.name ?? null;
}
