import { createFileRoute } from "@tanstack/react-router";
import { SettingsPage } from "@/features/account/SettingsPage";

export const Route = createFileRoute("/_app/account/settings")({
  // What the provider's consent page ended with, as the service sends people back.
  validateSearch: (search: Record<string, unknown>): { connected?: string; error?: string } => ({
    ...(typeof search.connected === "string" ? { connected: search.connected } : {}),
    ...(typeof search.error === "string" ? { error: search.error } : {}),
  }),
  component: function Settings() {
    const { connected, error } = Route.useSearch();
    return <SettingsPage connected={connected} refusal={error} />;
  },
});
