import type { ContactList } from "@/api/types";
import { useMe } from "@/shared/session";

/** Whether the person may change a list: who made it may, and Administrators. */
export function useMayChange(): (list: ContactList) => boolean {
  const me = useMe();
  return (list) => me?.role === "administrator" || (me !== undefined && list.owner?.id === me.id);
}
