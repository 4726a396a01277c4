import { createFileRoute, redirect } from "@tanstack/react-router";
import { isProblem } from "@/api/errors";
import { meQuery } from "@/api/session";
import { Shell } from "@/app/shell/Shell";

export const Route = createFileRoute("/_app")({
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery());
    } catch (error) {
      if (!isProblem(error) || error.status !== 401) throw error;
      const back = `/app${location.href.replace(/^\/app(?=\/|$)/, "")}`;
      throw redirect({ to: "/login", search: /^\/app\/?$/.test(back) ? {} : { back } });
    }
  },
  component: Shell,
});
