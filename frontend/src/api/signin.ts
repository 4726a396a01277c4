import { queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import { faultsByField } from "./errors";
import type { AcceptanceInput, InvitationShown, Me } from "./types";

/** Where somebody is: language with region, and time zone. */
interface Place {
  culture: string;
  time_zone: string;
}

/** Email and password, and the code of the second factor when it was asked for. */
export const signIn = (body: { email: string; password: string; code?: string }): Promise<Me> =>
  answer(http.POST("/auth/login", { body }));

export const signOut = () => answer(http.POST("/auth/logout"));

export const passkeySignInOptions = () => answer(http.POST("/auth/passkeys/options"));

export const signInWithPasskey = (challenge_id: string, credential: Record<string, unknown>): Promise<Me> =>
  answer(http.POST("/auth/passkeys", { body: { challenge_id, credential } }));

/** Where an organization's own sign-in begins: a page of its identity provider. */
export const singleSignOnPath = (organization: string) => `/auth/sso/${encodeURIComponent(organization)}`;

/** Whether an organization's people can sign in through its identity provider now. */
export const singleSignOnQuery = (organization_id: string) =>
  queryOptions({
    queryKey: ["single-sign-on", organization_id],
    queryFn: ({ signal }) =>
      answer(http.GET("/auth/sso/{organization_id}/availability", { params: { path: { organization_id } }, signal })),
  });

/** Whom a link of a letter is for; looking uses nothing up. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ["invitations", token],
    queryFn: ({ signal }): Promise<InvitationShown> =>
      answer(http.GET("/auth/invitations/{token}", { params: { path: { token } }, signal })),
    staleTime: Infinity,
  });

/** Language and zone as the newcomer's browser has them; where the service knows none of that name, the inviter's. */
export async function acceptInvitation(token: string, password: string, place: Place): Promise<Me> {
  const accept = (body: AcceptanceInput) =>
    answer(http.POST("/auth/invitations/{token}/accept", { params: { path: { token } }, body }));
  try {
    return await accept({ password, ...place });
  } catch (error) {
    const unknown = Object.keys(faultsByField(error));
    if (unknown.length === 0 || !unknown.every((field) => field in place)) throw error;
    return accept({ password });
  }
}

export const askForPasswordReset = (email: string) => answer(http.POST("/auth/password-resets", { body: { email } }));

export const resetPassword = (token: string, password: string) =>
  answer(http.POST("/auth/password-resets/{token}", { params: { path: { token } }, body: { password } }));
