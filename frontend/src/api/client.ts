import createClient from "openapi-fetch";
import { networkLost, problemOf } from "./errors";
import type { paths } from "./schema";

type Listener = () => void;
const listeners = new Set<Listener>();

/** Calls back when the server no longer knows the session. */
export function onSessionLost(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const http = createClient<paths>({
  baseUrl: globalThis.location.origin,
  credentials: "same-origin",
  // Looked up at each call: a stand-in that is put in place later is used too.
  fetch: (request) => globalThis.fetch(request),
});

http.use({
  async onResponse({ response, schemaPath }) {
    if (response.ok) return;
    // Under /auth nobody is signed in yet: a refusal there is the answer to what was typed.
    if (response.status === 401 && !schemaPath.startsWith("/auth/")) listeners.forEach((listener) => listener());
    throw await problemOf(response);
  },
  onError({ error }) {
    return error instanceof DOMException && error.name === "AbortError" ? error : networkLost();
  },
});

/** The answer's body: every other outcome has been thrown already. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}
