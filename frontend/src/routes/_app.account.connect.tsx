import { createFileRoute, redirect } from "@tanstack/react-router";

// Where the provider's consent page leads back to, and where letters point: a part of the settings.
export const Route = createFileRoute("/_app/account/connect")({
  validateSearch: (search: Record<string, unknown>): { connected?: string; error?: string } => ({
    ...(typeof search.connected === "string" ? { connected: search.connected } : {}),
    ...(typeof search.error === "string" ? { error: search.error } : {}),
  }),
  beforeLoad: ({ search }) => {
    throw redirect({ to: "/account/settings", search, hash: "email-providers", replace: true });
  },
});
