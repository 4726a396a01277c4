import type { Onboarding, WizardStep } from "@/api/types";

/** The steps in the order in which they are walked; the service names them alike. */
export const STEPS = [
  "contact_details",
  "email_integration",
  "integrations",
  "email_signature",
  "dialer_setup",
  "time_zone",
] as const satisfies readonly WizardStep[];

export type Place = WizardStep | "done";

export const stateOf = (onboarding: Onboarding, step: WizardStep) =>
  onboarding.steps.find(({ id }) => id === step)?.state ?? "open";

export const openSteps = (onboarding: Onboarding): WizardStep[] =>
  STEPS.filter((step) => stateOf(onboarding, step) === "open");

/** Where the person goes on: at the first step that is still open, at the end when none is. */
export const whereToGoOn = (onboarding: Onboarding): Place => openSteps(onboarding)[0] ?? "done";

/** What follows a step that was left: the next one, after the last what was left open before. */
export const after = (onboarding: Onboarding, step: WizardStep): Place =>
  STEPS[STEPS.indexOf(step) + 1] ?? whereToGoOn(onboarding);

export const before = (step: WizardStep): WizardStep | undefined => STEPS[STEPS.indexOf(step) - 1];

export interface OnboardingSearch {
  step?: Place;
  /** What the provider's consent page ended with. */
  connected?: string;
  error?: string;
}

const PLACES: readonly string[] = [...STEPS, "done"];

export function readOnboardingSearch(search: Record<string, unknown>): OnboardingSearch {
  const { step, connected, error } = search;
  return {
    ...(typeof step === "string" && PLACES.includes(step) ? { step: step as Place } : {}),
    ...(typeof connected === "string" ? { connected } : {}),
    ...(typeof error === "string" ? { error } : {}),
  };
}

/** Where the person is. Back from a consent page, it is the step from which he set out. */
export function placeOf({ step, connected, error }: OnboardingSearch, onboarding: Onboarding): Place {
  if (step) return step;
  return connected || error ? "email_integration" : whereToGoOn(onboarding);
}
