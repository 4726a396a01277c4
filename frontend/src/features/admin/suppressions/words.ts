import type { Suppression, SuppressionKind } from "@/api/types";
import { i18next } from "@/app/i18n";

const KNOWN = ["opted_out", "do_not_call", "erased"] as const;

/** Why it is on the list: in the words of the language, or in those of whoever put it there. */
export function reasonOf({ reason }: Pick<Suppression, "reason">): string {
  const known = KNOWN.find((each) => each === reason);
  return known ? i18next.t(`suppressions.reasons.${known}`, { ns: "people" }) : reason;
}

/** A domain can be read; of an address or a phone there is only the hash. */
export const valueOf = ({ kind, domain }: Suppression): string =>
  domain ?? i18next.t(`suppressions.hidden.${kind === "phone" ? "phone" : "email"}`, { ns: "people" });

/** What somebody asks about, told by how it is written. */
export function kindOf(value: string): SuppressionKind {
  if (/.@./u.test(value)) return "email";
  return /^[+\d\s()/.-]+$/u.test(value) ? "phone" : "domain";
}
