import { afterAll, describe, expect, it } from "vitest";
import { speak } from "@/app/i18n";
import { guessedCulture, timeZoneChoices, timeZoneName } from "./places";

describe("the culture that a browser speaks of", () => {
  it.each([
    [["de-AT", "en"], "de-AT"],
    [["de"], "de-DE"],
    [["en"], "en-US"],
    [["eo", "en-GB"], "en-GB"],
    [["de-LI"], "de-DE"],
    [[], "en-US"],
  ])("%s is %s", (languages, culture) => {
    expect(guessedCulture(languages)).toBe(culture);
  });
});

describe("the name of a time zone", () => {
  afterAll(() => speak("en-US"));

  it.each([
    ["en-US", "America/Indiana/Knox", "America / Indiana / Knox"],
    ["en-US", "America/New_York", "America / New York"],
    ["en-US", "UTC", "UTC"],
    ["de-DE", "Europe/Berlin", "Europa / Berlin"],
    ["de-DE", "Europe/Rome", "Europa / Rom"],
    ["de-DE", "America/New_York", "Amerika / New York"],
    ["de-DE", "UTC", "UTC"],
  ])("in %s of %s is %s", async (culture, zone, name) => {
    await speak(culture);
    expect(timeZoneName(zone)).toBe(name);
  });

  it("is what it is chosen by, also where the browser does not know the zone", () => {
    expect(timeZoneChoices("Mars/Olympus")[0]).toEqual({ value: "Mars/Olympus", label: "Mars / Olympus" });
    expect(timeZoneChoices("UTC").filter(({ value }) => value === "UTC")).toHaveLength(1);
  });
});
