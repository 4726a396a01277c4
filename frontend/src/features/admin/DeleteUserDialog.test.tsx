import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { ManagedUser } from "@/api/types";
import { shown } from "@/test/render";
import { http, HttpResponse, problem, server } from "@/test/server";
import { DeleteUserDialog } from "./DeleteUserDialog";

const user = (changes: Partial<ManagedUser> = {}): ManagedUser => ({
  id: "u9",
  name: "Ben Ray",
  email: "ben@demo.example",
  role: "contributor",
  state: "active",
  start_salesflow_on_behalf: false,
  last_seen_at: null,
  invitation: null,
  ...changes,
});

function answering(enrollments: number, answer = () => new HttpResponse(null, { status: 204 })) {
  const asked: string[] = [];
  server.use(
    http.get("*/admin/users/u9/handover", () =>
      HttpResponse.json({ enrollments, salesflows: enrollments ? [{ id: "f1", name: "First", enrollments }] : [] }),
    ),
    http.get("*/admin/users", () =>
      HttpResponse.json({ items: [user(), user({ id: "u2", name: "Cleo Day" })], next_cursor: null }),
    ),
    http.delete("*/admin/users/u9", ({ request }) => {
      asked.push(new URL(request.url).search);
      return answer();
    }),
  );
  return asked;
}

describe("deleting a user", () => {
  it("names what runs, and pauses it unless told otherwise", async () => {
    const asked = answering(3);
    const onClose = vi.fn();
    await shown(<DeleteUserDialog user={user()} onClose={onClose} />);
    expect(await screen.findByText(/3 contacts are in Salesflows in the name of Ben Ray/)).toBeVisible();
    expect(screen.getByText("First (3)")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Delete user" }));
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(asked).toEqual(["?enrollments=pause"]);
  });

  it("hands over to somebody else, once that one is chosen", async () => {
    const asked = answering(1);
    await shown(<DeleteUserDialog user={user()} onClose={vi.fn()} />);
    await userEvent.click(await screen.findByRole("radio", { name: /Hand over now/ }));
    await userEvent.click(screen.getByRole("button", { name: "Delete user" }));
    expect(screen.getByText("Choose who takes over.")).toBeVisible();
    await userEvent.click(screen.getByRole("combobox", { name: /Colleague/ }));
    expect(screen.queryByRole("option", { name: /Ben Ray/ })).toBeNull();
    await userEvent.click(await screen.findByRole("option", { name: /Cleo Day/ }));
    await userEvent.click(screen.getByRole("button", { name: "Delete user" }));
    await waitFor(() => expect(asked).toEqual(["?enrollments=hand_over&to=u2"]));
  });

  it("explains why the last Administrator stays", async () => {
    answering(0, () => problem(409, "last_administrator") as never);
    await shown(<DeleteUserDialog user={user()} onClose={vi.fn()} />);
    await userEvent.click(await screen.findByRole("button", { name: "Delete user" }));
    expect(await screen.findByText("Ben Ray is the last Administrator")).toBeVisible();
  });
});
