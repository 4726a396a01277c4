const KEPT = "engage-sso";
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The organization whose single sign-on was used, or asked for, in this browser. */
export function knownOrganization(): string | null {
  const kept = localStorage.getItem(KEPT);
  return kept && ID.test(kept) ? kept : null;
}

/** Remembers it: the address that an administrator hands out (`?sso=…`) is needed once. */
export function rememberOrganization(id: string): void {
  if (ID.test(id)) localStorage.setItem(KEPT, id);
}
