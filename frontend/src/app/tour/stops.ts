import type { QueryClient } from "@tanstack/react-query";
import type { useNavigate } from "@tanstack/react-router";
import { salesflowsQuery } from "@/api/salesflows";

export type StopId = "contacts" | "newContact" | "salesflows" | "start" | "newSalesflow" | "feed" | "account";

/** A place of the app that is shown. `target` is a mark in `data-tour`; the first that can be seen is meant. */
export interface Stop {
  id: StopId;
  target: string;
  /** At which end of it the words stand. */
  align: "start" | "end";
  go: () => Promise<void>;
}

/** The way through the real screens. Where a Salesflow runs already, starting one is shown on its own page. */
export async function planned(queryClient: QueryClient, navigate: ReturnType<typeof useNavigate>): Promise<Stop[]> {
  const flows = await queryClient.fetchQuery(salesflowsQuery({ limit: 100 })).catch(() => null);
  const running = flows?.items.find(({ state }) => state === "active");
  const contacts = () => navigate({ to: "/contacts" });
  const salesflows = () => navigate({ to: "/content/salesflows" });
  const start: Stop = running
    ? {
        id: "start",
        target: "start-salesflow",
        align: "end",
        go: () => navigate({ to: "/content/salesflows/$salesflowId", params: { salesflowId: running.id } }),
      }
    : { id: "newSalesflow", target: "new-salesflow", align: "end", go: salesflows };
  return [
    { id: "contacts", target: "contacts", align: "start", go: contacts },
    { id: "newContact", target: "new-contact", align: "end", go: contacts },
    { id: "salesflows", target: "salesflows", align: "start", go: salesflows },
    start,
    { id: "feed", target: "feed", align: "end", go: contacts },
    { id: "account", target: "account", align: "end", go: contacts },
  ];
}
