import { createFileRoute } from "@tanstack/react-router";
import { LoginPage } from "@/features/auth/LoginPage";

export const Route = createFileRoute("/login")({
  // Only a path of this app: a link must not send a person who signs in to somewhere else.
  validateSearch: (search: Record<string, unknown>): { back?: string } => {
    const { back } = search;
    return typeof back === "string" && /^\/app\/(?!login)[^\\]*$/.test(back) ? { back } : {};
  },
  component: function Login() {
    const { back } = Route.useSearch();
    return <LoginPage back={back} />;
  },
});
