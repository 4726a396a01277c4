import { describe, expect, it } from "vitest";
import { guessedCulture } from "./places";

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
