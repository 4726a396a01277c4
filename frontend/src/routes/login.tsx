import { createFileRoute } from "@tanstack/react-router";
import { LoginPage } from "@/features/auth/LoginPage";

interface LoginSearch {
  back?: string;
  /** The organization whose identity provider this link leads to. */
  sso?: string;
  /** Why single sign-on ended here. */
  sso_error?: string;
}

const isText = (value: unknown): value is string => typeof value === "string";

export const Route = createFileRoute("/login")({
  validateSearch: ({ back, sso, sso_error }: Record<string, unknown>): LoginSearch => ({
    // Only a path of this app: a link must not send a person who signs in to somewhere else.
    ...(isText(back) && /^\/app\/(?!login)[^\\]*$/.test(back) ? { back } : {}),
    ...(isText(sso) ? { sso } : {}),
    ...(isText(sso_error) ? { sso_error } : {}),
  }),
  component: function Login() {
    const { back, sso, sso_error } = Route.useSearch();
    return <LoginPage back={back} refusal={sso_error} organization={sso} />;
  },
});
