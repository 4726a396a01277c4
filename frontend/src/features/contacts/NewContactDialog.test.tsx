import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { contact } from "@/test/factories";
import { shown } from "@/test/render";
import { http, HttpResponse, problem, server } from "@/test/server";
import { NewContactDialog } from "./NewContactDialog";

async function filled(answer: () => Response | Promise<Response>, seen?: (body: unknown) => void) {
  server.use(
    http.post("*/contacts", async ({ request }) => {
      seen?.(await request.json());
      return answer() as never;
    }),
  );
  const view = await shown(<NewContactDialog statuses={[]} onClose={vi.fn()} />);
  await userEvent.type(await screen.findByLabelText(/Last name/), "Lee");
  await userEvent.type(screen.getByLabelText("Email"), "ann@prospect.example");
  await userEvent.type(screen.getByLabelText("Mobile phone"), "(202) 555-0143");
  await userEvent.click(screen.getByRole("button", { name: "Create contact" }));
  return view;
}

describe("New Contact", () => {
  it("sends what was filled in, the phone with its country, and opens the contact", async () => {
    const seen = vi.fn();
    const { router } = await filled(() => HttpResponse.json(contact({ id: "c9" }), { status: 201 }), seen);
    await vi.waitFor(() => expect(router.state.location.pathname).toBe("/contacts/c9"));
    expect(seen).toHaveBeenCalledWith({
      last_name: "Lee",
      email: "ann@prospect.example",
      mobile_phone: "+12025550143",
    });
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
