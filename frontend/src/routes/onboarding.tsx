import { createFileRoute, redirect } from "@tanstack/react-router";
import { onboardingQuery } from "@/api/onboarding";
import { enter } from "@/app/entrance";
import { speak } from "@/app/i18n";
import { SessionLost } from "@/app/shell/SessionLost";
import { OnboardingPage } from "@/features/onboarding/OnboardingPage";
import { readOnboardingSearch, stateOf } from "@/features/onboarding/steps";

export const Route = createFileRoute("/onboarding")({
  validateSearch: readOnboardingSearch,
  beforeLoad: async ({ context: { queryClient }, location }) => {
    const me = await enter(queryClient, location.href);
    // The shell says what has to be done before anything else.
    if (me.must_set_up_second_factor) throw redirect({ to: "/contacts" });
    const onboarding = await queryClient.ensureQueryData(onboardingQuery()).catch(() => null);
    // Until the person has said which language is his, it is that of the browser, as on the page that led here.
    await speak(onboarding && stateOf(onboarding, "time_zone") === "open" ? undefined : me.culture);
  },
  component: function Onboarding() {
    return (
      <>
        <OnboardingPage search={Route.useSearch()} />
        <SessionLost />
      </>
    );
  },
});
