import { queryOptions } from "@tanstack/react-query";
import { answer, http } from "./client";
import type { Passkey, TotpSetup } from "./types";

export const sessionsQuery = () =>
  queryOptions({
    queryKey: ["security", "sessions"],
    queryFn: ({ signal }) => answer(http.GET("/me/sessions", { signal })),
  });

export const endSession = (session_id: string) =>
  answer(http.DELETE("/me/sessions/{session_id}", { params: { path: { session_id } } }));

export const endOtherSessions = () => answer(http.DELETE("/me/sessions"));

export const changePassword = (body: { current: string; password: string }) =>
  answer(http.POST("/me/password", { body }));

export const secondFactorQuery = () =>
  queryOptions({
    queryKey: ["security", "second-factor"],
    queryFn: ({ signal }) => answer(http.GET("/me/second-factor", { signal })),
  });

export const beginTotp = (): Promise<TotpSetup> => answer(http.POST("/me/second-factor/totp"));

/** The app counts from now on; the recovery codes are in this answer and nowhere else. */
export const confirmTotp = (code: string) => answer(http.POST("/me/second-factor/totp/confirm", { body: { code } }));

export const removeTotp = (password: string) => answer(http.DELETE("/me/second-factor/totp", { body: { password } }));

export const makeRecoveryCodes = () => answer(http.POST("/me/second-factor/recovery-codes"));

export const passkeysQuery = () =>
  queryOptions({
    queryKey: ["security", "passkeys"],
    queryFn: ({ signal }) => answer(http.GET("/me/passkeys", { signal })),
  });

export const newPasskeyOptions = () => answer(http.POST("/me/passkeys/options"));

export const addPasskey = (body: {
  challenge_id: string;
  name: string;
  credential: Record<string, unknown>;
}): Promise<Passkey> => answer(http.POST("/me/passkeys", { body }));

export const removePasskey = (passkey_id: string) =>
  answer(http.DELETE("/me/passkeys/{passkey_id}", { params: { path: { passkey_id } } }));
