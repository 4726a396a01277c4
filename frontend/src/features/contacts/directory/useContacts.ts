import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { contactsQuery } from "@/api/contacts";
import { countQuery, inAddress } from "@/api/directory";
import type { ContactFilter } from "@/api/types";
import { type ContactsSearch, type Sort, USUAL_SORT } from "./search";

export const USUAL_SIZE = 50;

/**
 * A page of those who match, and how many there are: the rows need not wait for the count, the next page is there
 * before it is asked for, and what was shown stays until what is asked for has come.
 */
export function useContacts(search: ContactsSearch, filter: ContactFilter) {
  const queryClient = useQueryClient();
  const wanted = {
    ...inAddress(filter),
    sort: (search.sort ?? USUAL_SORT) as Sort,
    limit: search.size ?? USUAL_SIZE,
  };
  const list = useQuery(contactsQuery({ ...wanted, ...(search.cursor ? { cursor: search.cursor } : {}) }));
  const count = useQuery(countQuery(filter));
  const following = list.isPlaceholderData ? null : list.data?.next_cursor;
  const ahead = JSON.stringify(following ? { ...wanted, cursor: following } : null);
  useEffect(() => {
    const query = JSON.parse(ahead) as (typeof wanted & { cursor: string }) | null;
    if (query) void queryClient.prefetchQuery(contactsQuery(query));
  }, [ahead, queryClient]);
  return { list, total: count.data ?? null };
}
