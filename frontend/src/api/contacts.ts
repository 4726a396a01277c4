import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type { Contact, ContactChanges, ContactDetail, ContactInput, ContactsQuery, Note, TimelineKind } from "./types";

export const contactsQuery = (query: ContactsQuery) =>
  queryOptions({
    queryKey: ["contacts", "list", query],
    queryFn: ({ signal }) => answer(http.GET("/contacts", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

export const contactQuery = (contact_id: string) =>
  queryOptions({
    queryKey: ["contacts", "one", contact_id],
    queryFn: ({ signal }): Promise<ContactDetail> =>
      answer(http.GET("/contacts/{contact_id}", { params: { path: { contact_id } }, signal })),
  });

export const statusesQuery = () =>
  queryOptions({
    queryKey: ["contact-statuses"],
    queryFn: ({ signal }) => answer(http.GET("/contacts/statuses", { signal })),
    staleTime: 300_000,
  });

export const activitiesQuery = (contact_id: string, kind?: TimelineKind) =>
  infiniteQueryOptions({
    queryKey: ["contacts", "activities", contact_id, kind ?? "all"],
    queryFn: ({ signal, pageParam }) =>
      answer(
        http.GET("/contacts/{contact_id}/activities", {
          params: {
            path: { contact_id },
            query: { limit: 50, ...(kind ? { kind } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
          },
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

/** What comes next, the next in time first. */
export const nextStepsQuery = (contact_id: string) =>
  queryOptions({
    queryKey: ["contacts", "next-steps", contact_id],
    queryFn: ({ signal }) =>
      answer(http.GET("/contacts/{contact_id}/next-steps", { params: { path: { contact_id } }, signal })),
    refetchInterval: 5_000,
  });

/** Who comes before and after in the directory, as it is filtered and sorted. */
export const neighboursQuery = (contact_id: string, query: ContactsQuery) =>
  queryOptions({
    queryKey: ["contacts", "neighbours", contact_id, query],
    queryFn: ({ signal }) =>
      answer(http.GET("/contacts/{contact_id}/neighbours", { params: { path: { contact_id }, query }, signal })),
    staleTime: 30_000,
  });

export const writeNote = (contact_id: string, text: string): Promise<Note> =>
  answer(http.POST("/contacts/{contact_id}/notes", { params: { path: { contact_id } }, body: { text } }));

/** Refused with `version_mismatch` when somebody else changed the note meanwhile. */
export const changeNote = (contact_id: string, note: Pick<Note, "id" | "version">, text: string): Promise<Note> =>
  answer(
    http.PATCH("/contacts/{contact_id}/notes/{note_id}", {
      params: { path: { contact_id, note_id: note.id }, header: { "if-match": `"${note.version}"` } },
      body: { text },
    }),
  );

export const deleteNote = (contact_id: string, note_id: string) =>
  answer(http.DELETE("/contacts/{contact_id}/notes/{note_id}", { params: { path: { contact_id, note_id } } }));

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

export const putOnList = (list_id: string, contact_id: string) =>
  answer(
    http.POST("/contacts/lists/{list_id}/members", {
      params: { path: { list_id } },
      body: { contact_ids: [contact_id] },
    }),
  );

export const takeFromList = (list_id: string, contact_id: string) =>
  answer(
    http.DELETE("/contacts/lists/{list_id}/members", {
      params: { path: { list_id } },
      body: { contact_ids: [contact_id] },
    }),
  );
