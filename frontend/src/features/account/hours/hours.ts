import type { BusinessHours } from "@/api/types";
import { firstDayOfWeek } from "@/shared/culture";

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export type Days = BusinessHours["days"];
export type Window = { from: string; to: string };
export type Holiday = BusinessHours["holidays"][number];
export type Away = BusinessHours["away"][number];

const OFFICE: Window = { from: "08:00", to: "18:00" };
// A Monday, in UTC like every civil day here.
const MONDAY = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;
const HALF_HOURS = Array.from(
  { length: 49 },
  (_, n) => `${String(Math.floor(n / 2)).padStart(2, "0")}:${n % 2 ? "30" : "00"}`,
);

/** The days of a week in the order in which the person's calendar has them. */
export function weekdaysOf(locale: string): Weekday[] {
  const first = (firstDayOfWeek(locale) + 6) % 7;
  return [...WEEKDAYS.slice(first), ...WEEKDAYS.slice(0, first)];
}

export function weekdayName(day: Weekday, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });
  return format.format(MONDAY + WEEKDAYS.indexOf(day) * DAY);
}

/** "8AM", "8:30AM", "08:00": a time of the day as the person reads one; 24:00 is the midnight that ends a day. */
export function clockLabel(clock: string, locale: string): string {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  const at = Date.UTC(2024, 0, 1, hours, minutes);
  const twelve = new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hour12;
  if (!twelve) return clock;
  const options: Intl.DateTimeFormatOptions = { hour: "numeric", ...(minutes ? { minute: "2-digit" } : {}) };
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(at).replace(/\s/u, "");
}

export function clockChoices(locale: string, ...current: string[]): { value: string; label: string }[] {
  const clocks = [...new Set([...HALF_HOURS, ...current])].sort();
  return clocks.map((value) => ({
    value,
    label: value === "24:00" ? `${clockLabel("00:00", locale)} (24:00)` : clockLabel(value, locale),
  }));
}

/** Days with the same hours together: `[["monday", "tuesday"], [{8–18}]]`; closed days are left out. */
export function sameHours(days: Days, order: readonly Weekday[]): [Weekday[], Window[]][] {
  const groups: [Weekday[], Window[]][] = [];
  for (const day of order) {
    const windows = days[day] ?? [];
    if (windows.length === 0) continue;
    const key = JSON.stringify(windows.map(({ from, to }) => [from, to]));
    const known = groups.find(([, kept]) => JSON.stringify(kept.map(({ from, to }) => [from, to])) === key);
    if (known) known[0].push(day);
    else groups.push([[day], windows]);
  }
  return groups;
}

/** What a day that opens, or opens once more, begins with: after what it has, as long as there is time. */
export function nextWindow(windows: Window[]): Window | null {
  const last = windows
    .map(({ to }) => to)
    .sort()
    .at(-1);
  if (!last) return OFFICE;
  const after = HALF_HOURS.filter((clock) => clock > last);
  const from = after[1] ?? after[0];
  if (!from || from === "24:00") return null;
  return { from, to: HALF_HOURS.find((clock) => clock > from && clock >= "18:00") ?? "24:00" };
}

/** Monday's hours on every weekday; the weekend as it is. */
export function likeMonday(days: Days): Days {
  const monday = days.monday ?? [];
  return {
    ...days,
    ...Object.fromEntries(WEEKDAYS.slice(0, 5).map((day) => [day, monday.map((one) => ({ ...one }))])),
  };
}

/** A civil day ("2026-12-25") as the person reads one. */
export function civilDay(day: string, locale: string, options?: Intl.DateTimeFormatOptions): string {
  const how = options ?? { weekday: "long", day: "numeric", month: "numeric", year: "numeric" };
  return new Intl.DateTimeFormat(locale, { ...how, timeZone: "UTC" }).format(Date.parse(`${day}T00:00:00Z`));
}

/** "Aug 3 – 14, 2026": from a civil day to another. */
export function civilRange(from: string, to: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  return format.formatRange(Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`));
}
