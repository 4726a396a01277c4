import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import type { Onboarding } from "@/api/types";
import { me } from "@/test/factories";
import { shown } from "@/test/render";
import { http, HttpResponse, problem, server } from "@/test/server";
import { OnboardingPage } from "./OnboardingPage";
import { STEPS } from "./steps";

const asked: unknown[] = [];
const at = (done: number): Onboarding => ({
  steps: STEPS.map((id, n) => ({ id, state: n < done ? "done" : "open" })),
  tour: "open",
  completed: false,
});

beforeEach(() => {
  asked.length = 0;
  server.use(
    http.get("*/me/onboarding", () => HttpResponse.json(at(0))),
    http.get("*/me/phone", () =>
      HttpResponse.json({ phone: null, extension: null, verified: false, verified_at: null }),
    ),
    http.put("*/me/phone", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json({ phone: "+12025550143", extension: "12", verified: false, verified_at: null });
    }),
    http.get("*/me/voicemails", () => HttpResponse.json({ items: [], next_cursor: null, maximum: 20 })),
    http.patch("*/me/onboarding", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(at(1));
    }),
    http.patch("*/me", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(me);
    }),
  );
});

describe("the wizard", () => {
  it("begins with what is known, and can't be skipped there", async () => {
    await shown(<OnboardingPage search={{}} />);
    expect(await screen.findByRole("heading", { level: 1, name: "Contact Details" })).toHaveFocus();
    expect(screen.getByLabelText(/^Name/)).toHaveValue("Robin Hale");
    expect(screen.getByLabelText("Company")).toHaveValue("Northwind");
    expect(screen.queryByRole("button", { name: "Skip" })).not.toBeInTheDocument();
  });

  it("keeps the details first, then remembers that the step is done", async () => {
    const { router } = await shown(<OnboardingPage search={{}} />);
    await userEvent.type(await screen.findByLabelText("Phone number"), "202 555 0143");
    await userEvent.click(screen.getByRole("button", { name: "Continue" }));
    await waitFor(() => expect(router.state.location.search).toEqual({ step: "email_integration" }));
    expect(asked).toEqual([
      { name: "Robin Hale", phone: "+12025550143", job_title: null, company: "Northwind" },
      { step: "contact_details", state: "done" },
    ]);
  });

  it("says at the field what the service refuses, and stays", async () => {
    const errors = [{ pointer: "/job_title", code: "too_long", message: "This has at most 120 characters." }];
    server.use(http.patch("*/me", () => problem(422, "invalid", { errors })));
    await shown(<OnboardingPage search={{}} />);
    await userEvent.click(await screen.findByRole("button", { name: "Continue" }));
    expect(await screen.findByText("This has at most 120 characters.")).toBeInTheDocument();
    expect(asked).toEqual([]);
  });

  it("proposes the browser's time zone and shows what a culture looks like", async () => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    await shown(<OnboardingPage search={{ step: "time_zone" }} />);
    expect(await screen.findByText(/1,234\.5/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Continue" }));
    await waitFor(() => expect(asked).toHaveLength(2));
    expect(asked).toEqual([
      { time_zone: zone, culture: "en-US" },
      { step: "time_zone", state: "done" },
    ]);
  });

  it("keeps the phone to call from, and offers to add a voicemail", async () => {
    await shown(<OnboardingPage search={{ step: "dialer_setup" }} />);
    await userEvent.type(await screen.findByLabelText(/^Phone/), "202 555 0143");
    await userEvent.type(screen.getByLabelText("Extension"), "12");
    expect(screen.getByText(/will be called to verify it/)).toBeInTheDocument();
    expect(await screen.findByRole("button", { name: "Add a Voicemail" })).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Continue" }));
    await waitFor(() => expect(asked).toHaveLength(2));
    expect(asked).toEqual([
      { phone: "+12025550143", extension: "12" },
      { step: "dialer_setup", state: "done" },
    ]);
  });

  it("goes on by leaving a step out", async () => {
    await shown(<OnboardingPage search={{ step: "dialer_setup" }} />);
    await screen.findByLabelText(/^Phone/);
    await userEvent.click(screen.getByRole("button", { name: "Skip" }));
    await waitFor(() => expect(asked).toEqual([{ step: "dialer_setup", state: "skipped" }]));
  });
});
