import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ContactImport } from "@/api/types";
import { contactImport } from "@/test/factories";
import { shown } from "@/test/render";
import { http, HttpResponse, server } from "@/test/server";
import { ImportPage } from "./ImportPage";

const page = async (changes: Partial<ContactImport>) => {
  const nothing = () => HttpResponse.json({ items: [], next_cursor: null });
  server.use(
    http.get("*/contacts/imports/:id", () => HttpResponse.json(contactImport(changes))),
    http.get("*/contacts/fields", nothing),
    http.get("*/contacts/lists", nothing),
    http.get("*/users", nothing),
  );
  await shown(<ImportPage importId="i1" />);
  await screen.findByText("people.csv");
};
const longAfter = () => act(() => void vi.advanceTimersByTime(8_000));

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => void vi.useRealTimers());

it.each(["running", "undoing"] as const)(
  "says of an import that stands still while %s that it goes on",
  async (state) => {
    await page({ state, done: 10, total: 40 });
    expect(screen.getByText(/^You can leave this page/)).toBeInTheDocument();
    longAfter();
    expect(screen.getByText(/^No news for a moment/)).toBeInTheDocument();
  },
);

it("says nothing like that while it waits for its turn", async () => {
  await page({ state: "running", done: 0, total: 40 });
  longAfter();
  expect(screen.getByText("Waiting for its turn…")).toBeInTheDocument();
  expect(screen.queryByText(/^No news/)).toBeNull();
});
