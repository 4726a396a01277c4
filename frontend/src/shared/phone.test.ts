import { describe, expect, it } from "vitest";
import { countryTyped, phoneCountryChoices, phoneToEdit, phoneTyped } from "./phone";

describe("a phone that is edited", () => {
  it("is written as in its own country", () => {
    expect(phoneToEdit("+12025550143", "de-DE")).toEqual({ country: "US", phone: "(202) 555-0143" });
    expect(phoneToEdit("+4930901820", "en-US")).toEqual({ country: "DE", phone: "030 901820" });
    expect(phoneToEdit(null, "de-AT")).toEqual({ country: "AT", phone: "" });
  });

  it("of no country is written with its code", () => {
    expect(phoneToEdit("+80012345678", "en-US")).toEqual({ country: "US", phone: "+800 1234 5678" });
  });

  it("is read with the country beside it, unless it says its own", () => {
    expect(phoneTyped({ country: "DE", phone: "030 901820" })?.kept).toBe("+4930901820");
    expect(phoneTyped({ country: "DE", phone: "+1 202 555 0143" })?.kept).toBe("+12025550143");
    expect(phoneTyped({ country: "US", phone: "12" })).toBeNull();
    expect(phoneTyped({ country: "US", phone: "(202) 555-0143 ext. 12" })?.extension).toBe("12");
    expect([countryTyped("+49 30 901820"), countryTyped("030 901820")]).toEqual(["DE", undefined]);
  });

  it("can be of any country", () => {
    const choices = phoneCountryChoices("en");
    expect(choices.length).toBeGreaterThan(200);
    expect(choices.find(({ value }) => value === "DE")?.label).toBe("Germany (+49)");
  });
});
