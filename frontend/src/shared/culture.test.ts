import { describe, expect, it } from "vitest";
import { datePattern, firstDayOfWeek, isTwelveHours, languageOf, localeOf, timePattern } from "./culture";

describe("what follows from a culture", () => {
  it("is the language that is spoken, English where it is none of ours", () => {
    expect(["de-AT", "en-GB", "fr-FR", undefined].map(languageOf)).toEqual(["de", "en", "en", "en"]);
  });

  it("is the interface's language in the region's order", () => {
    expect(localeOf("en", "de-DE")).toBe("en-DE");
    expect(localeOf("de", "de-CH")).toBe("de-CH");
    expect(localeOf("en", "nonsense")).toBe("en");
  });

  it.each([
    ["en-US", 0, "MM/DD/YYYY", "h:mm A"],
    ["en-GB", 1, "DD/MM/YYYY", "HH:mm"],
    ["de-DE", 1, "DD.MM.YYYY", "HH:mm"],
    ["he-IL", 0, "DD.MM.YYYY", "HH:mm"],
  ])("%s begins its week and writes its dates in its own way", (locale, first, date, time) => {
    expect([firstDayOfWeek(locale), datePattern(locale), timePattern(locale)]).toEqual([first, date, time]);
    expect(isTwelveHours(locale)).toBe(time.includes("A"));
  });
});
