import { useMe } from "@/shared/session";

/** Today's date where the person is, by the server's business time. */
export function useToday(): string {
  const me = useMe();
  if (!me) return "";
  return new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone: me.time_zone }).format(Date.parse(me.now));
}
