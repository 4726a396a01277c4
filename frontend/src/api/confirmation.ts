import { answer, http } from "./client";

/** Shows who sits there, once: for ten minutes nothing asks again. */
export const confirmByPassword = (password: string) => answer(http.POST("/auth/confirmation", { body: { password } }));

/** What the app shows, or a recovery code. */
export const confirmByCode = (code: string) => answer(http.POST("/auth/confirmation", { body: { code } }));

export const confirmationPasskeyOptions = () => answer(http.POST("/auth/confirmation/options"));

export const confirmByPasskey = (challenge_id: string, credential: Record<string, unknown>) =>
  answer(http.POST("/auth/confirmation", { body: { passkey: { challenge_id, credential } } }));
