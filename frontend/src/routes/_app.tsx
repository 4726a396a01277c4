import { createFileRoute, redirect } from "@tanstack/react-router";
import { enter, isNewcomer } from "@/app/entrance";
import { speak } from "@/app/i18n";
import { Shell } from "@/app/shell/Shell";

export const Route = createFileRoute("/_app")({
  beforeLoad: async ({ context: { queryClient }, location }) => {
    const me = await enter(queryClient, location.href);
    if (await isNewcomer(queryClient, me)) throw redirect({ to: "/onboarding" });
    await speak(me.culture);
  },
  component: Shell,
});
