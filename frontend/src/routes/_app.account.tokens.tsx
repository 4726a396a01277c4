import { createFileRoute, redirect } from "@tanstack/react-router";

export const Route = createFileRoute("/_app/account/tokens")({
  beforeLoad: () => {
    throw redirect({ to: "/account/security", hash: "tokens", replace: true });
  },
});
