import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { contact, salesflow } from "@/test/factories";
import { shown } from "@/test/render";
import { delay } from "msw";
import { http, HttpResponse, server } from "@/test/server";
import { EnrollDialog } from "./EnrollDialog";

const asked: Record<string, unknown>[] = [];

function answering(result: Record<string, unknown>) {
  server.use(
    http.get("*/contacts", () => HttpResponse.json({ items: [contact()], next_cursor: null })),
    http.get("*/salesflows", () =>
      HttpResponse.json({
        items: [salesflow(), salesflow({ id: "f2", name: "Not ready", state: "draft" })],
        next_cursor: null,
      }),
    ),
    http.post("*/salesflows/f1/enrollments", async ({ request }) => {
      const body = (await request.json()) as Record<string, unknown>;
      asked.push(body);
      await delay(body.dry_run ? 0 : 150);
      return HttpResponse.json({ ...result, dry_run: body.dry_run });
    }),
  );
}

const two = [
  { id: "c1", name: "Ann Lee" },
  { id: "c2", name: "Bob Ray" },
];

beforeEach(() => {
  asked.length = 0;
});

describe("Add to Salesflow", () => {
  it("says before it starts who gets emails, from when, and who is left out and why", async () => {
    answering({
      enrolled: 1,
      left_out: [{ contact_id: "c2", name: "Bob Ray", reason: "opted_out", detail: null }],
      first_due_at: "2030-01-02T14:00:00Z",
    });
    await shown(<EnrollDialog audience={{ contacts: two }} salesflowId="f1" onClose={vi.fn()} />);
    const dialog = await screen.findByRole("dialog", { name: "Add to Salesflow" });
    expect(await within(dialog).findByText("1 contact will be added and get emails.")).toBeVisible();
    expect(within(dialog).getByText("1 contact is left out")).toBeVisible();
    expect(within(dialog).getByRole("listitem")).toHaveTextContent("Opted out: Bob Ray");
    expect(asked).toEqual([{ contact_ids: ["c1", "c2"], dry_run: true }]);
  });

  it("starts once, with what was shown, and closes", async () => {
    answering({ enrolled: 2, left_out: [], first_due_at: "2030-01-02T14:00:00Z" });
    const onClose = vi.fn();
    await shown(<EnrollDialog audience={{ contacts: two }} salesflowId="f1" onClose={onClose} />);
    await screen.findByText("2 contacts will be added and get emails.");
    await userEvent.dblClick(screen.getByRole("button", { name: "Start" }));
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(asked.filter(({ dry_run }) => dry_run === false)).toEqual([{ contact_ids: ["c1", "c2"], dry_run: false }]);
  });

  it("can't be started when it would reach nobody", async () => {
    answering({
      enrolled: 0,
      left_out: [{ contact_id: "c1", name: "Ann Lee", reason: "no_mailbox", detail: null }],
      first_due_at: null,
    });
    await shown(<EnrollDialog audience={{ contacts: two }} salesflowId="f1" onClose={vi.fn()} />);
    expect(await screen.findByText("Nobody can be added.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Start" })).toBeDisabled();
  });

  it("hands over the filter, not ids, for everybody that matches", async () => {
    answering({ enrolled: 2, left_out: [], first_due_at: null });
    const audience = { filter: { status: "New" }, total: 1200 };
    await shown(<EnrollDialog audience={audience} salesflowId="f1" onClose={vi.fn()} />);
    expect(await screen.findByText("All 1,200 contacts that match the filters")).toBeVisible();
    await waitFor(() => expect(asked).toEqual([{ filter: { status: "New" }, dry_run: true }]));
  });
});
