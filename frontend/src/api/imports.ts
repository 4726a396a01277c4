import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, http, sessionLost } from "./client";
import { networkLost, problemOf } from "./errors";
import type { ContactImport, ImportInput, ImportLayoutInput } from "./types";

const IMPORTS = "/contacts/imports";
const of = (import_id: string) => ({ params: { path: { import_id } } });

export const isUnderWay = ({ state }: ContactImport) => state === "running" || state === "undoing";

/** How large a file may be, and what can be read of it. */
export const importLimitsQuery = () =>
  queryOptions({
    queryKey: ["imports", "limits"],
    queryFn: ({ signal }) => answer(http.GET("/contacts/imports/limits", { signal })),
    staleTime: 300_000,
  });

/** The fields that a file can fill, the organization's own ones among them. */
export const importableFieldsQuery = () =>
  queryOptions({
    queryKey: ["contact-fields", "importable"],
    queryFn: async ({ signal }) => {
      const { items } = await answer(http.GET("/contacts/fields", { signal }));
      return items.filter(({ importable }) => importable);
    },
    staleTime: 60_000,
  });

export const importsQuery = () =>
  infiniteQueryOptions({
    queryKey: ["imports", "list"],
    queryFn: ({ signal, pageParam }) =>
      answer(
        http.GET("/contacts/imports", {
          params: { query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor || undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isUnderWay)) ? 2_000 : (false as const),
  });

/** One import; every second anew while something becomes of it. */
export const importQuery = (import_id: string) =>
  queryOptions({
    queryKey: ["imports", "one", import_id],
    queryFn: ({ signal }): Promise<ContactImport> =>
      answer(http.GET("/contacts/imports/{import_id}", { ...of(import_id), signal })),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? 1_000 : false),
  });

/** The first rows as they would be kept, and what is wrong with them. */
export const importPreviewQuery = (import_id: string, body: ImportInput) =>
  queryOptions({
    queryKey: ["imports", "preview", import_id, body],
    queryFn: ({ signal }) =>
      answer(http.POST("/contacts/imports/{import_id}/preview", { ...of(import_id), body, signal })),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });

export const layOutImport = (import_id: string, body: ImportLayoutInput): Promise<ContactImport> =>
  answer(http.PATCH("/contacts/imports/{import_id}", { ...of(import_id), body }));

export const startImport = (import_id: string, body: ImportInput): Promise<ContactImport> =>
  answer(http.POST("/contacts/imports/{import_id}/start", { ...of(import_id), body }));

export const undoImport = (import_id: string): Promise<ContactImport> =>
  answer(http.POST("/contacts/imports/{import_id}/undo", of(import_id)));

export const discardImport = (import_id: string) => answer(http.DELETE("/contacts/imports/{import_id}", of(import_id)));

interface Uploading {
  /** How much has left this machine, between 0 and 1; at 1 the file is being looked at. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/** Sends a file. How far it is, `fetch` would not tell. Refused as `http` does; aborted with an AbortError. */
export function uploadImport(file: File, { onProgress, signal }: Uploading): Promise<ContactImport> {
  const form = new FormData();
  form.set("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", IMPORTS);
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    request.addEventListener("load", () => {
      if (request.status === 201) return resolve(JSON.parse(request.responseText) as ContactImport);
      if (request.status === 401) sessionLost();
      // A server that is sure of its answer before the whole file has come may cut it off: then there is no status.
      void problemOf(new Response(request.responseText, { status: request.status })).then(reject);
    });
    request.addEventListener("error", () => reject(networkLost()));
    request.addEventListener("abort", () => reject(new DOMException("Nobody waits for it.", "AbortError")));
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
