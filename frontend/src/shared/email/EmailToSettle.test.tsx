import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { meQuery } from "@/api/session";
import { me } from "@/test/factories";
import { shown } from "@/test/render";
import { http, HttpResponse, problem, server } from "@/test/server";
import { SettleInRow } from "../enrollment/SettleInRow";
import { EmailToSettle } from "./EmailToSettle";

const asked: unknown[] = [];
const own = <EmailToSettle emailId="e1" contact="Ann Lee" sender={{ id: "u1", name: "Robin Hale" }} />;
const colleagues = <EmailToSettle emailId="e1" contact="Ann Lee" sender={{ id: "u2", name: "Kim Ode" }} />;

function answering(answer: () => Response) {
  server.use(
    http.post("*/emails/e1/settlement", async ({ request }) => {
      asked.push(await request.json());
      return answer();
    }),
  );
}

async function confirm(title: string, button: string) {
  const dialog = await screen.findByRole("dialog", { name: title });
  await userEvent.click(within(dialog).getByRole("button", { name: button }));
}

beforeEach(() => {
  asked.length = 0;
});

describe("An email that needs a human", () => {
  it("says where to look, and takes the answer after a confirmation", async () => {
    answering(() => HttpResponse.json({ id: "e1", state: "sent" }));
    const { queryClient } = await shown(own);
    const refreshed = vi.spyOn(queryClient, "invalidateQueries");
    expect(screen.getByText(/could not find out whether this email left. Look into your Sent folder./)).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "It was sent" }));
    expect(asked).toEqual([]);
    await confirm("Count the email to Ann Lee as sent?", "It was sent");
    expect(await screen.findByText("The email to Ann Lee counts as sent.")).toBeVisible();
    expect(asked).toEqual([{ outcome: "sent" }]);
    await waitFor(() =>
      expect(refreshed.mock.calls.map(([which]) => which?.queryKey?.[0])).toEqual(["emails", "salesflows", "contacts"]),
    );
  });

  it("stays as it is when the question is cancelled", async () => {
    await shown(own);
    await userEvent.click(screen.getByRole("button", { name: "It was not sent" }));
    await confirm("Count the email to Ann Lee as not sent?", "Cancel");
    expect(asked).toEqual([]);
  });

  it("says so when somebody else was faster", async () => {
    answering(() =>
      problem(409, "not_allowed_in_state", { detail: "Only an email that needs a human can be settled." }),
    );
    await shown(own);
    await userEvent.click(screen.getByRole("button", { name: "It was not sent" }));
    await confirm("Count the email to Ann Lee as not sent?", "It was not sent");
    expect(await screen.findByText(/Only an email that needs a human can be settled./)).toBeVisible();
  });

  it("of a colleague is the colleague's or an Administrator's to settle", async () => {
    const { queryClient } = await shown(colleagues);
    expect(screen.getByText(/Kim Ode or an Administrator has to look/)).toBeVisible();
    expect(screen.queryByRole("button", { name: /^It was/ })).toBeNull();
    queryClient.setQueryData(meQuery().queryKey, { ...me, role: "administrator" });
    expect(await screen.findByRole("button", { name: "It was sent" })).toBeVisible();
    expect(screen.getByText(/Look into the Sent folder of Kim Ode./)).toBeVisible();
  });

  it("is asked about in a row, and answered beside it", async () => {
    answering(() => HttpResponse.json({ id: "e1", state: "failed" }));
    const contact = { id: "c1", name: "Ann Lee", email: null, company: null };
    await shown(
      <SettleInRow enrollment={{ email_to_settle: "e1", contact, user: { id: "u1", name: "Robin Hale" } }} />,
    );
    await userEvent.click(screen.getByRole("button", { name: "Was the email to Ann Lee sent?" }));
    await userEvent.click(await screen.findByRole("button", { name: "It was not sent" }));
    await confirm("Count the email to Ann Lee as not sent?", "It was not sent");
    expect(await screen.findByText("The email to Ann Lee counts as not sent.")).toBeVisible();
    expect(asked).toEqual([{ outcome: "not_sent" }]);
  });
});
