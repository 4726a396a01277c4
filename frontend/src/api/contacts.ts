import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type { Contact, ContactChanges, ContactInput, ContactsQuery } from "./types";

export const contactsQuery = (query: ContactsQuery) =>
  queryOptions({
    queryKey: ["contacts", "list", query],
    queryFn: ({ signal }) => answer(http.GET("/contacts", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

export const contactQuery = (contact_id: string) =>
  queryOptions({
    queryKey: ["contacts", "one", contact_id],
    queryFn: ({ signal }): Promise<Contact> =>
      answer(http.GET("/contacts/{contact_id}", { params: { path: { contact_id } }, signal })),
  });

export const statusesQuery = () =>
  queryOptions({
    queryKey: ["contact-statuses"],
    queryFn: ({ signal }) => answer(http.GET("/contacts/statuses", { signal })),
    staleTime: 300_000,
  });

export const activitiesQuery = (contact_id: string) =>
  infiniteQueryOptions({
    queryKey: ["contacts", "activities", contact_id],
    queryFn: ({ signal, pageParam }) =>
      answer(
        http.GET("/contacts/{contact_id}/activities", {
          params: { path: { contact_id }, query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor || undefined,
    // What happens at the prospect's end arrives while the page is open.
    refetchInterval: 5_000,
  });

export const contactEnrollmentsQuery = (contact_id: string) =>
  queryOptions({
    queryKey: ["contacts", "enrollments", contact_id],
    queryFn: ({ signal }) =>
      answer(http.GET("/contacts/{contact_id}/enrollments", { params: { path: { contact_id } }, signal })),
    refetchInterval: 5_000,
  });

export const createContact = (body: ContactInput): Promise<Contact> => answer(http.POST("/contacts", { body }));

/** Changes what is named; refused with `version_mismatch` when somebody else changed the contact meanwhile. */
export const updateContact = (contact: Pick<Contact, "id" | "version">, body: ContactChanges): Promise<Contact> =>
  answer(
    http.PATCH("/contacts/{contact_id}", {
      params: { path: { contact_id: contact.id }, header: { "if-match": `"${contact.version}"` } },
      body,
    }),
  );

export const deleteContact = (contact_id: string) =>
  answer(http.DELETE("/contacts/{contact_id}", { params: { path: { contact_id } } }));
