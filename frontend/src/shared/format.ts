import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { browserCulture, datePattern, localeOf } from "./culture";
import { useAhead, useMe } from "./session";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Format {
  /** "Today 9:00", "Tomorrow 9:00", "Mon 9:00", "12 Mar 9:00": when something is or was due. */
  moment: (at: string) => string;
  /** "just now", "5 min. ago", "3 days ago", then the date: how long something is past. */
  ago: (at: string) => string;
  date: (at: string) => string;
  /** A day without a time, "2026-11-25", as a date. */
  civil: (day: string) => string;
  /** "Today", "Yesterday", "Mon", then the date. */
  day: (at: string) => string;
  time: (at: string) => string;
  exact: (at: string) => string;
  /** "Wednesday, November 25, 2026 at 5:05 PM". */
  full: (at: string) => string;
  number: (value: number) => string;
  percent: (part: number, whole: number) => string;
  /** "Ann, Bob, and Cleo". */
  list: (items: string[]) => string;
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export function makeFormat(
  locale: string,
  timeZone: string | undefined,
  words: { justNow: string },
  now: () => number = Date.now,
): Format {
  const zone = timeZone ? { timeZone } : {};
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, ...zone });
  const time = make({ timeStyle: "short" });
  const weekday = make({ weekday: "short" });
  const dayMonth = make({ day: "numeric", month: "short" });
  const date = make({ dateStyle: "medium" });
  const civilDate = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const exact = make({ dateStyle: "full", timeStyle: "long" });
  const full = make({ dateStyle: "full", timeStyle: "short" });
  const civil = new Intl.DateTimeFormat("en-CA", { dateStyle: "short", ...zone });
  const near = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const count = new Intl.NumberFormat(locale);
  const list = new Intl.ListFormat(locale);
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });

  const days = (at: Date) =>
    Math.round((Date.parse(civil.format(at)) - Date.parse(civil.format(new Date(now())))) / DAY);
  const day = (at: Date) => {
    const distance = days(at);
    if (Math.abs(distance) <= 1) return capitalised(near.format(distance, "day"));
    if (distance > 0 && distance < 7) return weekday.format(at);
    return Math.abs(distance) < 300 ? dayMonth.format(at) : date.format(at);
  };
  const moment = (iso: string) => `${day(new Date(iso))} ${time.format(new Date(iso))}`;

  return {
    moment,
    ago: (iso) => {
      const passed = now() - Date.parse(iso);
      // A clock that runs ahead of this one: no "in 3 days" for what has happened.
      if (passed < -MINUTE) return day(new Date(iso));
      if (passed < MINUTE) return words.justNow;
      const short = new Intl.RelativeTimeFormat(locale, { style: "short" });
      if (passed < HOUR) return short.format(-Math.floor(passed / MINUTE), "minute");
      if (passed < DAY) return short.format(-Math.floor(passed / HOUR), "hour");
      return passed < 7 * DAY ? short.format(-Math.floor(passed / DAY), "day") : day(new Date(iso));
    },
    day: (iso) => day(new Date(iso)),
    date: (iso) => date.format(new Date(iso)),
    civil: (day) => civilDate.format(new Date(day)),
    time: (iso) => time.format(new Date(iso)),
    exact: (iso) => exact.format(new Date(iso)),
    full: (iso) => full.format(new Date(iso)),
    number: (value) => count.format(value),
    list: (items) => list.format(items),
    percent: (part, whole) => (whole > 0 ? share.format(part / whole) : "–"),
  };
}

const clock = (ahead: number) => () => Date.now() + ahead;

/** The locale of dates and numbers: the language that is spoken, in the person's region. */
export function useLocale(): string {
  const { i18n } = useTranslation();
  const me = useMe();
  return localeOf(i18n.language, me?.culture ?? browserCulture());
}

/** How a date is typed, as people are told it: "MM/DD/YYYY", "TT.MM.JJJJ". */
export function useDateHint(): string {
  const { t } = useTranslation();
  return datePattern(useLocale())
    .replace("DD", t("calendar.day"))
    .replace("MM", t("calendar.month"))
    .replace("YYYY", t("calendar.year"));
}

/** Dates and numbers in the signed-in person's culture and time zone. */
export function useFormat(): Format {
  const { t } = useTranslation();
  const me = useMe();
  const locale = useLocale();
  const ahead = useAhead();
  const justNow = t("time.justNow");
  return useMemo(
    () => makeFormat(locale, me?.time_zone, { justNow }, clock(ahead)),
    [locale, me?.time_zone, justNow, ahead],
  );
}
