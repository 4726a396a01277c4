import type { Contact } from "@/api/types";

/** Of what a contact says something, by its key; values as they are read. */
export interface MergeFact {
  key: string;
  label: string;
  valueOf: (contact: Contact) => string | null;
}

/** In what the two say different things, so that somebody has to choose. */
export const differing = (facts: MergeFact[], first: Contact, second: Contact) =>
  facts.filter(({ valueOf }) => {
    const [one, other] = [valueOf(first), valueOf(second)];
    return one !== null && other !== null && one !== other;
  });

/** The rows of a comparison: whatever either says. */
export const told = (facts: MergeFact[], first: Contact, second: Contact) =>
  facts.filter(({ valueOf }) => valueOf(first) !== null || valueOf(second) !== null);

/** Only what is taken from the other one has to be said. */
export function choicesOf(chosen: Record<string, string>, keep: string, open: MergeFact[]): Record<string, string> {
  return Object.fromEntries(
    open.flatMap(({ key }) => (chosen[key] && chosen[key] !== keep ? [[key, chosen[key]]] : [])),
  );
}
