import { useQueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { isProblem } from "@/api/errors";
import { meQuery } from "@/api/session";
import type { Me } from "@/api/types";
import { explain } from "../explain";

/** Makes the account that signed in known to the whole app at once. */
export function useSignedIn(onDone: (me: Me) => void): (me: Me) => void {
  const queryClient = useQueryClient();
  return (me) => {
    queryClient.setQueryData(meQuery().queryKey, me);
    onDone(me);
  };
}

/** Why nobody was signed in, in words. */
export function whyNot(error: unknown, t: TFunction<"auth">): string {
  if (isProblem(error, "invalid_credentials")) return t("wrong");
  if (isProblem(error, "passkeys_unavailable")) return t("passkey.unavailable");
  if (isProblem(error, "invalid_passkey")) return t("passkey.refused");
  if (isProblem(error) && error.status === 429) return t("tooMany", { count: error.retryAfter ?? 60 });
  const { title, detail } = explain(error);
  return `${title}. ${detail}`;
}
