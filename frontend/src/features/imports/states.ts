import type { TFunction } from "i18next";
import type { ContactImport } from "@/api/types";
import type { Tone } from "@/shared/marks";

type State = ContactImport["state"];

const TONES: Record<State, Tone> = {
  uploaded: "neutral",
  running: "accent",
  done: "positive",
  failed: "danger",
  cancelled: "caution",
  undoing: "accent",
  undone: "neutral",
};

export const toneOf = ({ state }: ContactImport): Tone => TONES[state];

export const OUTCOMES = ["created", "updated", "unchanged", "skipped", "failed"] as const;

/** "480 created, 20 failed": what became of the rows, without what did not happen. */
export function outcomesOf(t: TFunction<"imports">, { counts }: ContactImport): string[] {
  return OUTCOMES.filter((each) => counts[each] > 0).map((each) => t(`outcome.${each}`, { count: counts[each] }));
}

/** How far it is, between 0 and 100; null while nobody knows. */
export function percentOf({ done, total }: ContactImport): number | null {
  return total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : null;
}
