import { type PageSize, readPageSize } from "@/shared/table/sizes";

export const SORTS = ["name", "email", "company", "created_at", "last_activity_at"] as const;

/** What the URL of the list says; what is not there is the default. */
export interface ContactsSearch {
  q?: string;
  status?: string;
  owner?: string;
  sort?: string;
  size?: PageSize;
  cursor?: string;
  new?: boolean;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function readContactsSearch(search: Record<string, unknown>): ContactsSearch {
  const sort = text(search.sort);
  const size = readPageSize(search.size);
  const known = sort && SORTS.some((name) => name === sort.replace(/^-/, "")) ? sort : undefined;
  // Search terms like 617 arrive as numbers.
  const q = search.q === undefined ? undefined : text(String(search.q));
  const read = { q, status: text(search.status), owner: text(search.owner), sort: known, size };
  const cursor = text(search.cursor);
  return Object.fromEntries(
    Object.entries({ ...read, cursor, new: search.new === true || undefined }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

/** Filters as the API takes them. */
export function filterOf(search: ContactsSearch): { q?: string; status?: string; owner_id?: string } {
  return {
    ...(search.q ? { q: search.q } : {}),
    ...(search.status ? { status: search.status } : {}),
    ...(search.owner ? { owner_id: search.owner } : {}),
  };
}

export const TIMELINE_TABS = ["all", "emails", "salesflows"] as const;
export type TimelineTab = (typeof TIMELINE_TABS)[number];

/** What the URL of a contact says: the kind of entries, and the email that is open beside them. */
export interface ContactSearch {
  tab?: TimelineTab;
  email?: string;
}

export function readContactSearch(search: Record<string, unknown>): ContactSearch {
  const tab = TIMELINE_TABS.find((each) => each === search.tab);
  return { ...(tab ? { tab } : {}), ...(typeof search.email === "string" ? { email: search.email } : {}) };
}
