import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type {
  Contact,
  Described,
  DuplicateCandidate,
  Job,
  MergedContact,
  MergeInput,
  Sent,
  Suppression,
  SuppressionInput,
  SuppressionsQuery,
} from "./types";

const of = (contact_id: string) => ({ params: { path: { contact_id } } });

/** Contacts that may be the same person as the one that is described, the most certain first. */
export const candidatesQuery = (body: Partial<Described>) =>
  queryOptions({
    queryKey: ["duplicates", "check", body],
    queryFn: async ({ signal }): Promise<DuplicateCandidate[]> => {
      const asked = body as Sent<"/contacts/duplicates/check", "post">;
      return (await answer(http.POST("/contacts/duplicates/check", { body: asked, signal }))).items;
    },
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });

/** Pairs that a search has found, newest first. */
export const duplicatesQuery = () =>
  infiniteQueryOptions({
    queryKey: ["duplicates", "pairs"],
    queryFn: ({ signal, pageParam }) =>
      answer(
        http.GET("/contacts/duplicates", {
          params: { query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

export const searchDuplicates = (): Promise<Job> => answer(http.POST("/contacts/duplicates/search"));

export const dismissDuplicates = (first_id: string, second_id: string) =>
  answer(
    http.POST("/contacts/duplicates/{first_id}/{second_id}/dismiss", { params: { path: { first_id, second_id } } }),
  );

export const mergeContacts = (body: MergeInput): Promise<MergedContact> =>
  answer(http.POST("/contacts/merge", { body }));

/** Gives the contact that is there again. */
export const undoMerge = (merge_id: string): Promise<Contact> =>
  answer(http.POST("/contacts/merges/{merge_id}/undo", { params: { path: { merge_id } } }));

/** What was merged into the contact, newest first. */
export const mergesQuery = (contact_id: string) =>
  queryOptions({
    queryKey: ["contacts", "merges", contact_id],
    queryFn: ({ signal }) => answer(http.GET("/contacts/{contact_id}/merges", { ...of(contact_id), signal })),
  });

export const optOut = (contact_id: string): Promise<Contact> =>
  answer(http.POST("/contacts/{contact_id}/opt-out", of(contact_id)));

export const takeOptOutBack = (contact_id: string): Promise<Contact> =>
  answer(http.DELETE("/contacts/{contact_id}/opt-out", of(contact_id)));

export const eraseContact = (contact_id: string): Promise<Job> =>
  answer(http.POST("/contacts/{contact_id}/erasure", of(contact_id)));

/** Where all that is held on a person is downloaded. */
export const personalDataUrl = (contact_id: string, format: "json" | "html") =>
  `/contacts/${contact_id}/personal-data?format=${format}`;

export const suppressionsQuery = (query: SuppressionsQuery) =>
  queryOptions({
    queryKey: ["suppressions", query],
    queryFn: ({ signal }) => answer(http.GET("/admin/suppressions", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

export const suppress = (body: SuppressionInput): Promise<Suppression> =>
  answer(http.POST("/admin/suppressions", { body }));

export const checkSuppression = (body: Omit<SuppressionInput, "reason">) =>
  answer(http.POST("/admin/suppressions/check", { body }));

export const removeSuppression = (suppression_id: string) =>
  answer(http.DELETE("/admin/suppressions/{suppression_id}", { params: { path: { suppression_id } } }));
