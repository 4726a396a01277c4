import { queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type {
  BulkInput,
  ContactFilter,
  ContactList,
  ContactListChanges,
  ContactListInput,
  ContactsQuery,
  ContactView,
  ContactViewChanges,
  ContactViewInput,
  Job,
  Sent,
} from "./types";

const PAGE = 100;
// There may be more; nobody finds one among so many by looking.
const MOST_PAGES = 10;

interface Some<Item> {
  items: Item[];
  next_cursor: string | null;
}

/** Page after page of something that is chosen from. */
async function all<Item>(page: (query: { limit: number; cursor?: string }) => Promise<Some<Item>>): Promise<Item[]> {
  const found: Item[] = [];
  let cursor: string | null = null;
  for (let n = 0; n < MOST_PAGES; n++) {
    const { items, next_cursor }: Some<Item> = await page({ limit: PAGE, ...(cursor ? { cursor } : {}) });
    found.push(...items);
    cursor = next_cursor;
    if (!cursor) break;
  }
  return found;
}

/** A filter as it is asked for in an address. */
export function inAddress({ fields, ...plain }: ContactFilter): ContactsQuery {
  const field = Object.entries(fields ?? {}).map(([key, value]) => `${key}:${value}`);
  return { ...plain, ...(field.length ? { field } : {}) };
}

/** How many match, up to 100,000. Counted once for all pages and orders. */
export const countQuery = (filter: ContactFilter) =>
  queryOptions({
    queryKey: ["contacts", "count", filter],
    queryFn: async ({ signal }) => {
      const query = { ...inAddress(filter), limit: 1, total: true };
      return (await answer(http.GET("/contacts", { params: { query }, signal }))).total ?? null;
    },
    staleTime: 15_000,
  });

/** What can be said about a contact, the organization's own fields too; labels in the person's language. */
export const fieldsQuery = () =>
  queryOptions({
    queryKey: ["contact-fields", "known"],
    queryFn: ({ signal }) => answer(http.GET("/contacts/fields", { signal })),
    staleTime: 60_000,
  });

/** Saved views: one's own and those that colleagues share, by name. */
export const viewsQuery = () =>
  queryOptions({
    queryKey: ["contact-views"],
    queryFn: ({ signal }): Promise<ContactView[]> =>
      all((query) => answer(http.GET("/contacts/views", { params: { query }, signal }))),
    staleTime: 60_000,
  });

export const saveView = (body: ContactViewInput): Promise<ContactView> =>
  answer(http.POST("/contacts/views", { body }));

export const changeView = (view_id: string, body: ContactViewChanges): Promise<ContactView> =>
  answer(http.PATCH("/contacts/views/{view_id}", { params: { path: { view_id } }, body }));

export const deleteView = (view_id: string) =>
  answer(http.DELETE("/contacts/views/{view_id}", { params: { path: { view_id } } }));

/** The lists of everybody, by name. */
export const listsQuery = () =>
  queryOptions({
    queryKey: ["contact-lists"],
    queryFn: ({ signal }): Promise<ContactList[]> =>
      all((query) => answer(http.GET("/contacts/lists", { params: { query }, signal }))),
    staleTime: 15_000,
  });

export const createList = (body: ContactListInput): Promise<ContactList> =>
  answer(http.POST("/contacts/lists", { body: body as Sent<"/contacts/lists", "post"> }));

/** Refused with `version_mismatch` when somebody else changed the list meanwhile. */
export const changeList = (list: Pick<ContactList, "id" | "version">, body: ContactListChanges): Promise<ContactList> =>
  answer(
    http.PATCH("/contacts/lists/{list_id}", {
      params: { path: { list_id: list.id }, header: { "if-match": `"${list.version}"` } },
      body: body as Sent<"/contacts/lists/{list_id}", "patch">,
    }),
  );

export const deleteList = (list_id: string) =>
  answer(http.DELETE("/contacts/lists/{list_id}", { params: { path: { list_id } } }));

/** One act on many: gives the job that does it. */
export const actOnContacts = (body: BulkInput): Promise<Job> =>
  answer(http.POST("/contacts/bulk", { body: body as Sent<"/contacts/bulk", "post"> }));
