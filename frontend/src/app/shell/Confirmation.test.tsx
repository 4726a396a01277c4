import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { onSessionLost } from "@/api/client";
import { createToken, updateMe } from "@/api/session";
import { NewTokenDialog } from "@/features/account/NewTokenDialog";
import { shown } from "@/test/render";
import { http, HttpResponse, problem, server } from "@/test/server";

const TITLE = "Confirm it's you";

interface Story {
  /** What the user can show. */
  methods?: string[];
  /** What is answered to a proof. */
  proof?: (given: Record<string, unknown>) => Response;
}

/** Whoever makes a token has to confirm first; what was sent, in order. */
function story({ methods = ["password"], proof = () => new HttpResponse(null, { status: 204 }) }: Story = {}) {
  const sent: { tokens: unknown[]; proofs: unknown[] } = { tokens: [], proofs: [] };
  let confirmed = false;
  server.use(
    http.post("*/me/tokens", async ({ request }) => {
      sent.tokens.push(await request.json());
      if (!confirmed) return problem(403, "confirmation_required", { methods });
      return HttpResponse.json({ id: "t1", name: "script", scopes: [], token: "eng_pat_secret" }, { status: 201 });
    }),
    http.post("*/auth/confirmation", async ({ request }) => {
      const given = (await request.json()) as Record<string, unknown>;
      sent.proofs.push(given);
      const answer = proof(given);
      confirmed ||= answer.ok;
      return answer;
    }),
  );
  return sent;
}

/** A browser with passkeys, which `get` uses; gives the end of it. */
function withDevice(get: () => Promise<unknown>): () => void {
  Object.defineProperty(globalThis, "PublicKeyCredential", { value: class {}, configurable: true });
  Object.defineProperty(navigator, "credentials", { value: { get }, configurable: true });
  return () => {
    Reflect.deleteProperty(globalThis, "PublicKeyCredential");
    Reflect.deleteProperty(navigator, "credentials");
  };
}

/** Somebody makes a token; the dialog that asks who it is. */
async function asked() {
  const user = userEvent.setup();
  const close = vi.fn();
  await shown(<NewTokenDialog onClose={close} />);
  await user.type(await screen.findByLabelText(/^Name/), "script");
  await user.click(screen.getByRole("button", { name: "Create token" }));
  return { user, close, dialog: within(await screen.findByRole("dialog", { name: TITLE })) };
}

describe("a request that needs to know again who sits there", () => {
  it("is sent once more, as it was, after the password", async () => {
    const sent = story();
    const { user, dialog } = await asked();
    const field = dialog.getByLabelText("Password");
    await waitFor(() => expect(field).toHaveFocus());
    await user.type(field, "engage-demo{Enter}");
    expect(await screen.findByText("eng_pat_secret")).toBeInTheDocument();
    expect(sent.proofs).toEqual([{ password: "engage-demo" }]);
    expect(sent.tokens).toHaveLength(2);
    expect(sent.tokens[1]).toEqual(sent.tokens[0]);
    await waitFor(() => expect(screen.queryByRole("dialog", { name: TITLE })).toBeNull());
  });

  it.each(["Cancel", "Escape"])("is not, after %s: the form is as it was, and nothing is said", async (how) => {
    const sent = story();
    const { user, close, dialog } = await asked();
    if (how === "Escape") await user.keyboard("{Escape}");
    else await user.click(dialog.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("dialog", { name: TITLE })).toBeNull());
    expect(close, "the dialog underneath stays").not.toHaveBeenCalled();
    expect(screen.getByLabelText(/^Name/)).toHaveValue("script");
    expect(screen.queryByRole("alert")).toBeNull();
    expect(sent).toMatchObject({ tokens: [{ name: "script" }], proofs: [] });
    await user.click(screen.getByRole("button", { name: "Create token" }));
    expect(await screen.findByRole("dialog", { name: TITLE })).toBeInTheDocument();
  });

  it("says what is wrong with the proof, and takes another", async () => {
    const proof = ({ password }: Record<string, unknown>) => {
      if (password === "late") return HttpResponse.json({}, { status: 429, headers: { "retry-after": "8" } });
      const errors = [{ pointer: "/password", code: "wrong_password", message: "This is not the password." }];
      return password === "right" ? new HttpResponse(null, { status: 204 }) : problem(422, "invalid_input", { errors });
    };
    story({ proof });
    const { user, dialog } = await asked();
    await user.click(dialog.getByRole("button", { name: "Confirm" }));
    expect(dialog.getByText("Enter your password.")).toBeInTheDocument();
    await user.type(dialog.getByLabelText("Password"), "wrong{Enter}");
    expect(await dialog.findByText("This is not the password.")).toBeInTheDocument();
    expect(dialog.getByLabelText("Password")).toHaveValue("");
    await user.type(dialog.getByLabelText("Password"), "late{Enter}");
    expect(await dialog.findByText("Too many attempts. Try again in 8 seconds.")).toBeInTheDocument();
    await user.type(dialog.getByLabelText("Password"), "right{Enter}");
    expect(await screen.findByText("eng_pat_secret")).toBeInTheDocument();
  });

  it("takes a code instead where there is an app", async () => {
    const sent = story({ methods: ["password", "totp", "recovery_code"] });
    const { user, dialog } = await asked();
    await user.click(dialog.getByRole("button", { name: "Use a code instead" }));
    expect(dialog.queryByLabelText("Password")).toBeNull();
    await user.type(dialog.getByLabelText("Code"), " 123456 {Enter}");
    expect(await screen.findByText("eng_pat_secret")).toBeInTheDocument();
    expect(sent.proofs).toEqual([{ code: "123456" }]);
  });

  it("leads to the identity provider whoever has that alone", async () => {
    story({ methods: ["single_sign_on"] });
    const { dialog } = await asked();
    expect(dialog.getByRole("link", { name: "Sign in again" })).toHaveAttribute("href", "/auth/sso/o1");
    expect(dialog.queryByRole("textbox")).toBeNull();
    expect(dialog.queryByRole("button", { name: "Confirm" })).toBeNull();
  });

  it("asks the device where there is a passkey, and says when nothing came of it", async () => {
    const refused = new DOMException("", "NotAllowedError");
    const get = vi.fn().mockRejectedValueOnce(refused);
    get.mockResolvedValue({ toJSON: () => ({ rawId: "AAA" }) });
    const withoutDevice = withDevice(get);
    const sent = story({ methods: ["passkey"] });
    server.use(
      http.post("*/auth/confirmation/options", () =>
        HttpResponse.json({ challenge_id: "c1", options: { challenge: "AQID", allowCredentials: [] } }),
      ),
    );
    const { user, dialog } = await asked();
    await user.click(dialog.getByRole("button", { name: "Use a passkey" }));
    expect(await dialog.findByText(/The passkey was not used/)).toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "Use a passkey" }));
    expect(await screen.findByText("eng_pat_secret")).toBeInTheDocument();
    expect(sent.proofs).toEqual([{ passkey: { challenge_id: "c1", credential: { rawId: "AAA" } } }]);
    withoutDevice();
  });

  it("tells who has nothing that works in this browser what to do", async () => {
    story({ methods: ["passkey"] });
    const { dialog } = await asked();
    expect(dialog.getByText(/Sign out and sign in again/)).toBeInTheDocument();
  });

  it("asks once however many there are", async () => {
    const sent = story();
    const user = userEvent.setup();
    await shown(<p>A page</p>);
    const token = { name: "script", scopes: ["me:read" as const], expires_in_days: 30 };
    const made = Promise.all([createToken(token), createToken(token)]);
    await user.type(await screen.findByLabelText("Password"), "engage-demo{Enter}");
    expect((await made).map(({ token: secret }) => secret)).toEqual(["eng_pat_secret", "eng_pat_secret"]);
    expect(sent.proofs).toHaveLength(1);
  });

  it("is told apart from what is refused for good", async () => {
    server.use(http.patch("*/me", () => problem(403, "forbidden")));
    await shown(<p>A page</p>);
    await expect(updateMe({ name: "Rob" })).rejects.toMatchObject({ code: "forbidden" });
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("gives way to signing in when the session has ended", async () => {
    story({ proof: () => problem(401, "unauthenticated") });
    const lost = vi.fn();
    const stop = onSessionLost(lost);
    const { user, dialog } = await asked();
    await user.type(dialog.getByLabelText("Password"), "engage-demo{Enter}");
    await waitFor(() => expect(lost).toHaveBeenCalled());
    await waitFor(() => expect(screen.queryByRole("dialog", { name: TITLE })).toBeNull());
    stop();
  });
});
