import { describe, expect, it } from "vitest";
import type { Onboarding, StepState } from "@/api/types";
import { after, placeOf, readOnboardingSearch, STEPS, whereToGoOn } from "./steps";

const at = (...states: StepState[]): Onboarding => ({
  steps: STEPS.map((id, n) => ({ id, state: states[n] ?? "open" })),
  tour: "open",
  completed: false,
});

describe("the way through the wizard", () => {
  it("goes on where it was left, on any device", () => {
    expect(whereToGoOn(at("done", "skipped"))).toBe("integrations");
  });

  it("leads from one step to the next, though that was done before", () => {
    expect(after(at("done", "done", "open"), "contact_details")).toBe("email_integration");
  });

  it("comes back from the last step to what was left out, and ends when nothing is", () => {
    expect(after(at("done", "open", "done", "done", "done", "done"), "time_zone")).toBe("email_integration");
    expect(after(at("done", "done", "done", "skipped", "done", "done"), "time_zone")).toBe("done");
  });

  it("returns from the consent page to the step that led there", () => {
    expect(placeOf({ connected: "google" }, at("done", "done"))).toBe("email_integration");
    expect(placeOf({ error: "access_denied" }, at("done"))).toBe("email_integration");
  });

  it("knows no other places", () => {
    expect(readOnboardingSearch({ step: "elsewhere", connected: 1 })).toEqual({});
  });
});
