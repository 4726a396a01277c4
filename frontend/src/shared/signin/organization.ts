const KEPT = "engage-sso";
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether this can be one at all: links are copied in part, too. */
export const isOrganization = (id: string): boolean => ID.test(id);

/** The organization whose single sign-on was used, or asked for, in this browser. */
export function knownOrganization(): string | null {
  const kept = localStorage.getItem(KEPT);
  return kept && isOrganization(kept) ? kept : null;
}

/** Remembers it: the address that an administrator hands out (`?sso=…`) is needed once. */
export function rememberOrganization(id: string): void {
  if (isOrganization(id)) localStorage.setItem(KEPT, id);
}
