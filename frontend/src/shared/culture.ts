/** What follows from a culture such as "de-AT": the language that is spoken, the locale that dates and numbers take. */

export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language in which a person of this culture is spoken to: English where there is none of his own. */
export function languageOf(culture: string | undefined): Language {
  const tongue = culture?.split("-")[0]?.toLowerCase();
  return LANGUAGES.find((language) => language === tongue) ?? "en";
}

/** The browser's first language that is spoken here, as a culture; else its first one. */
export function browserCulture(): string {
  const spoken = navigator.languages.find((culture) => LANGUAGES.some((one) => culture.toLowerCase().startsWith(one)));
  return spoken ?? navigator.language;
}

/** The interface's language with the region of the person's culture: English words, the region's order and clock. */
export function localeOf(language: string, culture: string | undefined): string {
  const region = culture?.split("-").at(-1);
  try {
    return new Intl.Locale(language, region && /^[A-Z]{2}$/.test(region) ? { region } : {}).toString();
  } catch {
    return language;
  }
}

type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;
interface WeekInfo {
  firstDay: number;
}
type LocaleWithWeeks = Intl.Locale & { getWeekInfo?: () => WeekInfo; weekInfo?: WeekInfo };

/** The day on which a week begins, 0 for Sunday. A browser that does not know begins with Monday (ISO 8601). */
export function firstDayOfWeek(locale: string): Weekday {
  const known = new Intl.Locale(locale) as LocaleWithWeeks;
  const first = (known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? 1;
  return (first % 7) as Weekday;
}

const PATTERNS: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {
  day: "DD",
  month: "MM",
  year: "YYYY",
  minute: "mm",
  dayPeriod: "A",
};

function patternOf(locale: string, options: Intl.DateTimeFormatOptions): string {
  const format = new Intl.DateTimeFormat(locale, options);
  const hour = format.resolvedOptions().hour12 ? "h" : "HH";
  return format
    .formatToParts(0)
    .map(({ type, value }) => (type === "hour" ? hour : (PATTERNS[type] ?? value.replaceAll(/\s/gu, " "))))
    .join("");
}

/** How dates are typed and shown in fields, for dayjs: "MM/DD/YYYY", "DD.MM.YYYY". */
export const datePattern = (locale: string): string =>
  patternOf(locale, { day: "2-digit", month: "2-digit", year: "numeric" });

/** The same for a time of the day: "h:mm A", "HH:mm". */
export const timePattern = (locale: string): string => patternOf(locale, { hour: "numeric", minute: "2-digit" });

export const isTwelveHours = (locale: string): boolean => timePattern(locale).includes("A");
