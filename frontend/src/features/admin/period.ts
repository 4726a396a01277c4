import type { AuditQuery } from "@/api/types";
import { instantOf } from "@/shared/zonedTime";
import type { AuditSearch } from "./search";

const following = (date: string) => new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);

/** What the server is asked for: days of the person's calendar as instants, the last one included. */
export function wantedOf({ who, action, from, to }: AuditSearch, timeZone: string): AuditQuery {
  const midnight = (date: string) => instantOf(`${date} 00:00:00`, timeZone).toISOString();
  return {
    ...(who ? { actor_id: who } : {}),
    ...(action ? { action } : {}),
    ...(from ? { from: midnight(from) } : {}),
    ...(to ? { to: midnight(following(to)) } : {}),
  };
}
