import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { contact } from "@/test/factories";
import { shown } from "@/test/render";
import { http, HttpResponse, problem, server } from "@/test/server";
import { NewContactDialog } from "./NewContactDialog";

async function filled(answer: () => Response | Promise<Response>, seen?: (body: unknown) => void) {
  const seats = { key: "seats", label: "Seats", kind: "number", custom: true, choices: [], filterable: true };
  server.use(
    http.get("*/contacts/fields", () => HttpResponse.json({ items: [seats], next_cursor: null })),
    http.post("*/contacts", async ({ request }) => {
      seen?.(await request.json());
      return answer() as never;
    }),
  );
  const view = await shown(<NewContactDialog statuses={[]} onClose={vi.fn()} />);
  await userEvent.type(await screen.findByLabelText(/Last name/), "Lee");
  await userEvent.type(screen.getByLabelText("Email"), "ann@prospect.example");
  await userEvent.type(screen.getByLabelText("Mobile phone"), "(202) 555-0143");
  await userEvent.type(await screen.findByLabelText("Seats"), "1,200.5");
  await userEvent.click(screen.getByRole("button", { name: "Create contact" }));
  return view;
}

describe("New Contact", () => {
  it("sends what was filled in, the phone with its country, own fields too, and opens the contact", async () => {
    const seen = vi.fn();
    const { router } = await filled(() => HttpResponse.json(contact({ id: "c9" }), { status: 201 }), seen);
    await vi.waitFor(() => expect(router.state.location.pathname).toBe("/contacts/c9"));
    expect(seen).toHaveBeenCalledWith({
      last_name: "Lee",
      email: "ann@prospect.example",
      mobile_phone: "+12025550143",
      custom: { seats: 1200.5 },
    });
  });

  it("says who the person may be, and in what they are alike, while it is typed", async () => {
    server.use(
      http.post("*/contacts/duplicates/check", async ({ request }) => {
        expect(await request.json()).toMatchObject({ last_name: "Lee", email: "ann@prospect.example" });
        const known = contact({ id: "c7", name: "Ann Lee" });
        return HttpResponse.json({ items: [{ contact: known, reasons: ["email"] }], next_cursor: null });
      }),
    );
    await filled(() => problem(409, "already_exists", { contact_id: "c7" }));
    expect(await screen.findByText("You may know this person already")).toBeVisible();
    expect(screen.getByRole("link", { name: "Ann Lee" })).toHaveAttribute("href", "/contacts/c7");
    expect(screen.getByText("Same email address")).toBeVisible();
  });

  it("leads to the record that exists already", async () => {
    await filled(() => problem(409, "already_exists", { contact_id: "c7" }));
    const link = await screen.findByRole("link", { name: "Open that contact" });
    expect(link).toHaveAttribute("href", "/contacts/c7");
  });

  it("shows what the server says at its field", async () => {
    const errors = [{ pointer: "/email", code: "invalid", message: "This domain does not exist." }];
    await filled(() => problem(422, "invalid_input", { errors }));
    expect(await screen.findByText("This domain does not exist.")).toBeVisible();
    expect(screen.getByLabelText("Email")).toHaveAttribute("aria-invalid", "true");
  });
});
