/** A number of minutes in the largest unit that says it without a rest. */
export function lengthOf(minutes: number): { unit: "minutes" | "hours" | "days"; count: number } {
  if (minutes % 1440 === 0) return { unit: "days", count: minutes / 1440 };
  if (minutes % 60 === 0) return { unit: "hours", count: minutes / 60 };
  return { unit: "minutes", count: minutes };
}

/** The usual choices, with what is in force when that is none of them. */
export const withCurrent = (usual: number[], current: number): number[] =>
  usual.includes(current) ? usual : [...usual, current].toSorted((one, other) => one - other);
