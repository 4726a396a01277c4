import { describe, expect, it } from "vitest";
import { strengthOf } from "./strength";

describe("the strength of a password", () => {
  it("says nothing before something was typed", () => {
    expect(strengthOf("")).toBeNull();
  });

  it("counts what is missing, in characters as people see them", () => {
    expect(strengthOf("elephant")).toEqual({ word: "short", missing: 4 });
    expect(strengthOf("🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘")).toEqual({ word: "short", missing: 1 });
  });

  it("sees through repetition and the person's own name", () => {
    expect(strengthOf("aaaaaaaaaaaaaaaa")).toEqual({ word: "weak" });
    expect(strengthOf("RobinHaleRobinHale", ["Robin Hale", "robin@demo.example"])).toEqual({ word: "weak" });
  });

  it("is carried by length", () => {
    expect(strengthOf("copper lantern")).toEqual({ word: "fair" });
    expect(strengthOf("copper lantern walrus")).toEqual({ word: "strong" });
  });
});
