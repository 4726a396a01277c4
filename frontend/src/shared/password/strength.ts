/** Length carries the strength; nothing is asked about kinds of characters. The service has the last word. */
export const SHORTEST = 12;
const STRONG = 16;
const TELLING = 5;

export type Strength = { word: "short"; missing: number } | { word: "weak" | "fair" | "strong" };

/** How good a password is, or null before anything was typed. `ownWords` are what everybody knows of the person. */
export function strengthOf(password: string, ownWords: string[] = []): Strength | null {
  if (!password) return null;
  const length = [...password].length;
  if (length < SHORTEST) return { word: "short", missing: SHORTEST - length };
  const words = ownWords.flatMap((word) => word.toLocaleLowerCase().match(/[\p{L}\p{N}_]{3,}/gu) ?? []);
  const rest = words.reduce((left, word) => left.replaceAll(word, ""), password.toLocaleLowerCase());
  const different = new Set(rest.replaceAll(/\s/g, "")).size;
  if (different < TELLING) return { word: "weak" };
  return { word: length >= STRONG && different >= 8 ? "strong" : "fair" };
}
