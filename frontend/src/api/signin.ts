import { queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type { InvitationShown, Me } from "./types";

/** Email and password, and the code of the second factor when it was asked for. */
export const signIn = (body: { email: string; password: string; code?: string }): Promise<Me> =>
  answer(http.POST("/auth/login", { body }));

export const signOut = () => answer(http.POST("/auth/logout"));

export const passkeySignInOptions = () => answer(http.POST("/auth/passkeys/options"));

export const signInWithPasskey = (challenge_id: string, credential: Record<string, unknown>): Promise<Me> =>
  answer(http.POST("/auth/passkeys", { body: { challenge_id, credential } }));

/** Where an organization's own sign-in begins: a page of its identity provider. */
export const singleSignOnPath = (organization: string) => `/auth/sso/${encodeURIComponent(organization)}`;

/** Whom a link of a letter is for; looking uses nothing up. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ["invitations", token],
    queryFn: ({ signal }): Promise<InvitationShown> =>
      answer(http.GET("/auth/invitations/{token}", { params: { path: { token } }, signal })),
    staleTime: Infinity,
  });

export const acceptInvitation = (token: string, password: string): Promise<Me> =>
  answer(http.POST("/auth/invitations/{token}/accept", { params: { path: { token } }, body: { password } }));

export const askForPasswordReset = (email: string) => answer(http.POST("/auth/password-resets", { body: { email } }));

export const resetPassword = (token: string, password: string) =>
  answer(http.POST("/auth/password-resets/{token}", { params: { path: { token } }, body: { password } }));
