import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { onSessionLost } from "@/api/client";
import { me } from "@/test/factories";
import { shown } from "@/test/render";
import { http, HttpResponse, problem, server } from "@/test/server";
import { SignInForm } from "./SignInForm";

async function signIn() {
  const user = userEvent.setup();
  const done = vi.fn();
  await shown(<SignInForm onDone={done} />);
  await user.type(await screen.findByLabelText("Email"), " rep@demo.example ");
  await user.type(screen.getByLabelText("Password"), "engage-demo");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  return { user, done };
}

describe("signing in", () => {
  it("needs a password alone where there is no second factor", async () => {
    let given: unknown;
    server.use(
      http.post("*/auth/login", async ({ request }) => {
        given = await request.json();
        return HttpResponse.json(me);
      }),
    );
    const { done } = await signIn();
    await waitFor(() => expect(done).toHaveBeenCalled());
    expect(given).toEqual({ email: "rep@demo.example", password: "engage-demo" });
  });

  it("asks for the code, says when it is wrong, and takes a recovery code", async () => {
    const codes: unknown[] = [];
    server.use(
      http.post("*/auth/login", async ({ request }) => {
        const { code } = (await request.json()) as { code?: string };
        if (!code) return problem(401, "second_factor_required", { methods: ["totp", "recovery_code"] });
        codes.push(code);
        return code.startsWith("x7nfk5") ? HttpResponse.json(me) : problem(401, "invalid_code");
      }),
    );
    const lost = vi.fn();
    const stop = onSessionLost(lost);
    const { user, done } = await signIn();
    const field = await screen.findByLabelText("Code");
    expect(field).toHaveAttribute("autocomplete", "one-time-code");
    await user.type(field, "123456{Enter}");
    expect(await screen.findByText(/This code is not valid/)).toBeInTheDocument();
    expect(field).toHaveValue("");
    await user.type(field, "x7nfk5-fb5ig2-8m5a3e-37k4km{Enter}");
    await waitFor(() => expect(done).toHaveBeenCalled());
    expect(codes).toEqual(["123456", "x7nfk5-fb5ig2-8m5a3e-37k4km"]);
    expect(lost, "a refused sign-in is no lost session").not.toHaveBeenCalled();
    stop();
  });

  it("goes back to another account with the address kept", async () => {
    server.use(http.post("*/auth/login", () => problem(401, "second_factor_required", { methods: ["totp"] })));
    const { user } = await signIn();
    await user.click(await screen.findByRole("button", { name: "Use another account" }));
    expect(screen.getByLabelText("Email")).toHaveValue("rep@demo.example");
    expect(screen.getByLabelText("Password")).toHaveValue("");
  });

  it("says how long to wait after too many attempts", async () => {
    server.use(
      http.post("*/auth/login", () =>
        HttpResponse.json({ code: "too_many_requests" }, { status: 429, headers: { "retry-after": "8" } }),
      ),
    );
    await signIn();
    expect(await screen.findByText("Too many attempts. Try again in 8 seconds.")).toBeInTheDocument();
  });

  it("has no passkeys where the browser has none", async () => {
    await shown(<SignInForm onDone={vi.fn()} />);
    await screen.findByLabelText("Email");
    expect(screen.queryByRole("button", { name: "Sign in with a passkey" })).toBeNull();
  });
});
