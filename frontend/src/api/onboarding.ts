import { queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type { Onboarding, OnboardingChanges } from "./types";

/** How far the signed-in person is with the wizard and the tour. */
export const onboardingQuery = () =>
  queryOptions({
    queryKey: ["onboarding"],
    queryFn: ({ signal }): Promise<Onboarding> => answer(http.GET("/me/onboarding", { signal })),
  });

export const goOnWithOnboarding = (body: OnboardingChanges): Promise<Onboarding> =>
  answer(http.PATCH("/me/onboarding", { body }));
