const LONGEST = 120;

/** What a recording may be called, after its file: "follow-up_call.wav" becomes "follow-up call". */
export function suggestedName(file: string): string {
  const bare = file.replace(/\.[^.]*$/, "") || file;
  return bare
    .replaceAll(/[_\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST);
}
