/** What the address of the lists says. */
export interface ListsSearch {
  q?: string;
  new?: boolean;
}

export function readListsSearch(search: Record<string, unknown>): ListsSearch {
  const q = search.q === undefined ? "" : String(search.q);
  return { ...(q ? { q } : {}), ...(search.new === true ? { new: true } : {}) };
}
