import { useMemo } from "react";
import { useTranslation } from "react-i18next";
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
  /** "Today", "Yesterday", "Mon", then the date. */
  day: (at: string) => string;
  time: (at: string) => string;
  exact: (at: string) => string;
  number: (value: number) => string;
  percent: (part: number, whole: number) => string;
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

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export function makeFormat(
  locale: string,
  timeZone: string | undefined,
  words: { justNow: string },
  now: () => number = Date.now,
): Format {
  const zone = timeZone ? { timeZone } : {};
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, ...zone });
  const time = make({ hour: "numeric", minute: "2-digit" });
  const weekday = make({ weekday: "short" });
  const dayMonth = make({ day: "numeric", month: "short" });
  const date = make({ day: "numeric", month: "short", year: "numeric" });
  const exact = make({ dateStyle: "full", timeStyle: "long" });
  const civil = new Intl.DateTimeFormat("en-CA", { dateStyle: "short", ...zone });
  const near = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const count = new Intl.NumberFormat(locale);
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
    time: (iso) => time.format(new Date(iso)),
    exact: (iso) => exact.format(new Date(iso)),
    number: (value) => count.format(value),
    percent: (part, whole) => (whole > 0 ? share.format(part / whole) : "–"),
  };
}

const clock = (ahead: number) => () => Date.now() + ahead;

/** Dates and numbers in the signed-in person's culture and time zone. */
export function useFormat(): Format {
  const { i18n, t } = useTranslation();
  const me = useMe();
  const ahead = useAhead();
  const justNow = t("time.justNow");
  return useMemo(
    () => makeFormat(localeOf(i18n.language, me?.culture), me?.time_zone, { justNow }, clock(ahead)),
    [i18n.language, me?.culture, me?.time_zone, justNow, ahead],
  );
}
