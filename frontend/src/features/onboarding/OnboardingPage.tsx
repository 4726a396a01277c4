import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ComponentType } from "react";
import { onboardingQuery } from "@/api/onboarding";
import type { WizardStep } from "@/api/types";
import { ErrorState } from "@/shared/states";
import { AllSet } from "./AllSet";
import { Frame } from "./Frame";
import { type OnboardingSearch, placeOf } from "./steps";
import { ContactDetailsStep } from "./steps/ContactDetailsStep";
import { DialerStep } from "./steps/DialerStep";
import { EmailStep } from "./steps/EmailStep";
import { IntegrationsStep } from "./steps/IntegrationsStep";
import { SignatureStep } from "./steps/SignatureStep";
import { TimeZoneStep } from "./steps/TimeZoneStep";
import { useWizard, type Wizard } from "./useWizard";

export interface StepProps {
  wizard: Wizard;
  /** Whether the step was left before: what it then shows was chosen, not guessed. */
  visited: boolean;
  search: OnboardingSearch;
}

const BODIES: Record<WizardStep, ComponentType<StepProps>> = {
  contact_details: ContactDetailsStep,
  email_integration: EmailStep,
  integrations: IntegrationsStep,
  email_signature: SignatureStep,
  dialer_setup: DialerStep,
  time_zone: TimeZoneStep,
};

/** The way of a new user into Engage. How far he is, the service knows: it goes on after a reload, and elsewhere. */
export function OnboardingPage({ search }: { search: OnboardingSearch }) {
  const { data: onboarding, error, refetch } = useQuery(onboardingQuery());
  if (!onboarding) {
    return (
      <Frame onboarding={undefined} place={undefined}>
        {error ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : (
          <Stack gap={16} aria-busy="true">
            <Skeleton h={28} w={220} />
            <Skeleton h={180} />
          </Stack>
        )}
      </Frame>
    );
  }
  const place = placeOf(search, onboarding);
  return (
    <Frame onboarding={onboarding} place={place}>
      {place === "done" ? (
        <AllSet onboarding={onboarding} />
      ) : (
        <Step
          key={place}
          step={place}
          visited={onboarding.steps.some(({ id, state }) => id === place && state === "done")}
          search={search}
        />
      )}
    </Frame>
  );
}

function Step({ step, ...props }: Omit<StepProps, "wizard"> & { step: WizardStep }) {
  const Body = BODIES[step];
  return <Body wizard={useWizard(step)} {...props} />;
}
