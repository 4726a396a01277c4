import { createFileRoute } from "@tanstack/react-router";
import { ConnectPage } from "@/features/account/ConnectPage";

export const Route = createFileRoute("/_app/account/connect")({
  // What the provider's consent page ended with, as the service sends people back.
  validateSearch: (search: Record<string, unknown>): { connected?: string; error?: string } => ({
    ...(typeof search.connected === "string" ? { connected: search.connected } : {}),
    ...(typeof search.error === "string" ? { error: search.error } : {}),
  }),
  component: function Connect() {
    const { connected, error } = Route.useSearch();
    return <ConnectPage connected={connected} refusal={error} />;
  },
});
