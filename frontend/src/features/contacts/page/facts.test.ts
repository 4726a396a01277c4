import { describe, expect, it } from "vitest";
import { draftOf, type FactField, numberTyped, valueTyped } from "./facts";

const field = (kind: FactField["kind"], required = false): FactField => ({ name: "it", label: "It", kind, required });
const ENGLISH = { culture: "en-US", locale: "en-US" };
const GERMAN = { culture: "de-DE", locale: "de-DE" };

describe("a fact that is typed", () => {
  it("is nothing when it is empty, unless it is required", () => {
    expect(valueTyped(field("text"), "  ", ENGLISH)).toEqual({ value: null });
    expect(valueTyped(field("text", true), " ", ENGLISH)).toEqual({ fault: "required" });
  });

  it("is kept in one form", () => {
    expect(valueTyped(field("text"), " Oslo ", ENGLISH)).toEqual({ value: "Oslo" });
    expect(valueTyped(field("phone"), "(202) 555-0143", ENGLISH)).toEqual({ value: "+12025550143" });
    expect(valueTyped(field("checkbox"), "false", ENGLISH)).toEqual({ value: false });
    expect(valueTyped(field("number"), "1.200,5", GERMAN)).toEqual({ value: 1200.5 });
  });

  it("is refused where that can be told at once", () => {
    expect(valueTyped(field("email"), "nobody", ENGLISH)).toEqual({ fault: "email" });
    expect(valueTyped(field("phone"), "12", ENGLISH)).toEqual({ fault: "phone" });
  });
});

describe("a number", () => {
  it("is read as the person writes it", () => {
    expect(numberTyped("1,200.5", "en-US")).toBe(1200.5);
    expect(numberTyped("1.200,5", "de-DE")).toBe(1200.5);
    expect(numberTyped("-3", "de-DE")).toBe(-3);
  });

  it("stays what was typed where it is none", () => {
    expect(numberTyped("many", "en-US")).toBe("many");
  });

  it("is edited in the same way", () => {
    expect(draftOf(field("number"), 1200.5, GERMAN)).toBe("1200,5");
    expect(numberTyped(draftOf(field("number"), 0.001, GERMAN), "de-DE")).toBe(0.001);
  });
});
