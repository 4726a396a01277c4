/** The colours that a status can get, by the words for them: the hues of the guide and some between. */
export const COLORS = [
  "228be6",
  "4c6ef5",
  "15aabf",
  "12b886",
  "40c057",
  "82c91e",
  "fab005",
  "fd7e14",
  "fa5252",
  "e64980",
  "be4bdb",
  "868e96",
] as const;

/** One that is not used yet, where there is one. */
export function nextColor(used: string[]): string {
  const free = COLORS.find((color) => !used.includes(`#${color}`));
  return `#${free ?? COLORS[used.length % COLORS.length]}`;
}
