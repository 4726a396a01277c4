import { describe, expect, it } from "vitest";
import { makeFormat } from "./format";
import { instantOf } from "./zonedTime";

const NOW = Date.parse("2026-11-23T20:00:00Z");
const inNewYork = makeFormat("en-US", "America/New_York", { justNow: "Just now" }, () => NOW);
const plain = (text: string) => text.replaceAll(/\s/gu, " ");

describe("times as people say them", () => {
  it("counts days where the person is, not where the clock is", () => {
    // Already the 25th in UTC, still tomorrow in New York.
    expect(plain(inNewYork.moment("2026-11-25T03:30:00Z"))).toBe("Tomorrow 10:30 PM");
    expect(plain(inNewYork.moment("2026-11-23T14:00:00Z"))).toBe("Today 9:00 AM");
    expect(plain(inNewYork.moment("2026-11-27T14:00:00Z"))).toBe("Fri 9:00 AM");
  });

  it("never says that something past lies ahead", () => {
    expect(inNewYork.ago("2026-11-23T19:59:30Z")).toBe("Just now");
    expect(inNewYork.ago("2026-11-23T19:50:00Z")).toBe("10 min. ago");
    expect(plain(inNewYork.ago("2026-12-08T15:00:00Z"))).toBe("Dec 8");
  });
});

describe("the same moment elsewhere", () => {
  it.each([
    ["en-US", "Nov 25, 2026", "5:05 PM", "1,234"],
    ["en-GB", "25 Nov 2026", "17:05", "1,234"],
    ["de-DE", "25.11.2026", "17:05", "1.234"],
  ])("in %s", (locale, date, time, number) => {
    const format = makeFormat(locale, "Europe/Berlin", { justNow: "" }, () => NOW);
    const at = "2026-11-25T16:05:00Z";
    expect([format.date(at), plain(format.time(at)), format.number(1234)]).toEqual([date, time, number]);
  });

  it("lists as the language does", () => {
    expect(makeFormat("de-DE", "UTC", { justNow: "" }).list(["Ann", "Bob", "Cleo"])).toBe("Ann, Bob und Cleo");
  });
});

describe("a wall time in a zone", () => {
  it.each([
    ["2026-07-01 09:00:00", "America/New_York", "2026-07-01T13:00:00.000Z"],
    ["2026-12-01 09:00:00", "America/New_York", "2026-12-01T14:00:00.000Z"],
    // Skipped by the clocks: moved on by the gap.
    ["2026-03-08 02:30:00", "America/New_York", "2026-03-08T07:30:00.000Z"],
    // Shown twice: the first.
    ["2026-11-01 01:30:00", "America/New_York", "2026-11-01T05:30:00.000Z"],
    ["2026-03-29 12:00:00", "Europe/Berlin", "2026-03-29T10:00:00.000Z"],
  ])("%s in %s is %s", (wall, zone, instant) => {
    expect(instantOf(wall, zone).toISOString()).toBe(instant);
  });
});
