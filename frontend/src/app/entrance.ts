import type { QueryClient } from "@tanstack/react-query";
import { redirect } from "@tanstack/react-router";
import { isProblem } from "@/api/errors";
import { onboardingQuery } from "@/api/onboarding";
import { meQuery } from "@/api/session";
import type { Me } from "@/api/types";

/** Who is signed in. Nobody: to signing in, and from there back to this address. */
export async function enter(queryClient: QueryClient, href: string): Promise<Me> {
  try {
    return await queryClient.ensureQueryData(meQuery());
  } catch (error) {
    if (!isProblem(error) || error.status !== 401) throw error;
    const back = `/app${href.replace(/^\/app(?=\/|$)/, "")}`;
    throw redirect({ to: "/login", search: /^\/app\/?$/.test(back) ? {} : { back } });
  }
}

/**
 * Whether somebody is to be led into the wizard: it has something left to ask, and the person has neither put it off
 * nor finished it. Where the service does not say, the way is free.
 */
export async function isNewcomer(queryClient: QueryClient, me: Me): Promise<boolean> {
  if (me.onboarding_done || me.must_set_up_second_factor) return false;
  const onboarding = await queryClient.ensureQueryData(onboardingQuery()).catch(() => null);
  return onboarding !== null && !onboarding.completed && onboarding.tour === "open";
}
