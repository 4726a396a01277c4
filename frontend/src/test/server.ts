import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { fields, me } from "./factories";

/** Answers that every screen asks for; a test adds its own. */
export const server = setupServer(
  http.get("*/me", () => HttpResponse.json(me)),
  http.get("*/auth/sso/:organization/availability", () => HttpResponse.json({ available: true })),
  http.post("*/contacts/duplicates/check", () => HttpResponse.json({ items: [], next_cursor: null })),
  http.get("*/users", () => HttpResponse.json({ items: [], next_cursor: null })),
  http.get("*/salesflows/fields", () => HttpResponse.json({ items: fields })),
);

export const problem = (status: number, code: string, more: Record<string, unknown> = {}) =>
  HttpResponse.json(
    { type: "about:blank", title: "Refused", status, code, detail: "It was refused.", request_id: "req-1", ...more },
    { status, headers: { "content-type": "application/problem+json" } },
  );

export { http, HttpResponse };
