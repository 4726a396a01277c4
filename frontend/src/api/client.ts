import createClient from "openapi-fetch";
import { isProblem, methodsOf, networkLost, problemOf } from "./errors";
import type { paths } from "./schema";

type Listener = () => void;
const listeners = new Set<Listener>();

/** Calls back when the server no longer knows the session. */
export function onSessionLost(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The server no longer knows the session: whoever has asked by other means than `http` says so here. */
export const sessionLost = () => listeners.forEach((listener) => listener());

/** Asks the person before the screen who it is, by one of these methods; true once that is shown. */
type Asker = (methods: string[]) => Promise<boolean>;
let asker: Asker | null = null;

/** Who asks when the server wants to know again who sits there. Without anybody to ask, its refusal stands. */
export function onConfirmationRequired(ask: Asker): () => void {
  asker = ask;
  return () => {
    if (asker === ask) asker = null;
  };
}

/** Sent once more, as it was, when the person has confirmed who it is. */
async function sent(request: Request): Promise<Response> {
  const again = request.clone();
  // Looked up at each call: a stand-in that is put in place later is used too.
  const response = await globalThis.fetch(request);
  if (response.status !== 403 || !asker) return response;
  const problem = await problemOf(response);
  if (!isProblem(problem, "confirmation_required") || !(await asker(methodsOf(problem)))) return response;
  return globalThis.fetch(again);
}

export const http = createClient<paths>({
  baseUrl: globalThis.location.origin,
  credentials: "same-origin",
  fetch: sent,
});

http.use({
  async onResponse({ response, schemaPath }) {
    if (response.ok) return;
    // Under /auth nobody is signed in yet, but to confirm it: a refusal there is the answer to what was typed.
    const signedIn = !schemaPath.startsWith("/auth/") || schemaPath.startsWith("/auth/confirmation");
    if (response.status === 401 && signedIn) sessionLost();
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
