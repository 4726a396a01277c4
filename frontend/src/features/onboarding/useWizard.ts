import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { goOnWithOnboarding, onboardingQuery } from "@/api/onboarding";
import { meQuery } from "@/api/session";
import type { WizardStep } from "@/api/types";
import { failed } from "@/shared/feedback";
import { useSubmission } from "@/shared/submission";
import { after, before, type Place } from "./steps";

export interface Wizard {
  /** The step is done, or skipped; the next one is shown once the service knows. */
  leave: (state: "done" | "skipped") => void;
  back: (() => void) | undefined;
  isLeaving: boolean;
}

export function useWizard(step: WizardStep): Wizard {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const goTo = (place: Place) => navigate({ to: "/onboarding", search: { step: place } });
  const leaving = useSubmission({
    mutationFn: (state: "done" | "skipped") => goOnWithOnboarding({ step, state }),
    onSuccess: async (onboarding) => {
      queryClient.setQueryData(onboardingQuery().queryKey, onboarding);
      if (onboarding.completed) await queryClient.invalidateQueries({ queryKey: meQuery().queryKey });
      await goTo(after(onboarding, step));
    },
    onError: failed,
  });
  const previous = before(step);
  return {
    leave: leaving.submit,
    back: previous && (() => void goTo(previous)),
    isLeaving: leaving.isPending,
  };
}
