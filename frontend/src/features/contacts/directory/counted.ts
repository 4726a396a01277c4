// Totals are counted up to here.
export const MOST_COUNTED = 100_000;

/** How many, as people read it: "1,204", "100,000+". */
export const counted = (total: number, number: (value: number) => string): string =>
  total >= MOST_COUNTED ? `${number(MOST_COUNTED)}+` : number(total);
