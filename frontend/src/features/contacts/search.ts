import { conditionsOf, type ContactsSearch, readContactsSearch } from "./directory/search";

export const TIMELINE_TABS = ["all", "emails", "calls", "content", "salesflows", "notes"] as const;
export type TimelineTab = (typeof TIMELINE_TABS)[number];

/** Who was listed, and in which order, where a contact was opened. */
export type OpenedFrom = Omit<ContactsSearch, "columns" | "size" | "cursor" | "edit" | "new">;

/** What the URL of a contact says: the kind of entries, the email that is open beside them, and the list behind it. */
export interface ContactSearch {
  tab?: TimelineTab;
  email?: string;
  among?: OpenedFrom;
}

/** Without what says nothing about who is listed. */
export function openedFrom(search: ContactsSearch): OpenedFrom {
  const { q, sort, view } = search;
  return { ...conditionsOf(search), ...(q ? { q } : {}), ...(sort ? { sort } : {}), ...(view ? { view } : {}) };
}

export function readContactSearch(search: Record<string, unknown>): ContactSearch {
  const tab = TIMELINE_TABS.find((each) => each === search.tab);
  const among = typeof search.among === "object" && search.among !== null ? search.among : undefined;
  return {
    ...(tab ? { tab } : {}),
    ...(typeof search.email === "string" ? { email: search.email } : {}),
    ...(among ? { among: openedFrom(readContactsSearch(among as Record<string, unknown>)) } : {}),
  };
}
