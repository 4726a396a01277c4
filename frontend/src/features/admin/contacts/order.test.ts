import { describe, expect, it } from "vitest";
import { COLORS, nextColor } from "./colors";
import { moved } from "./useOrder";

describe("an order", () => {
  it("is the same but for the one that was moved", () => {
    expect(moved(["a", "b", "c", "d"], 0, 2)).toEqual(["b", "c", "a", "d"]);
    expect(moved(["a", "b", "c", "d"], 3, 0)).toEqual(["d", "a", "b", "c"]);
    expect(moved(["a", "b"], 5, 0)).toEqual(["a", "b"]);
  });
});

describe("the colour of a new status", () => {
  it("is one that no other has, as long as there is one", () => {
    expect(nextColor([])).toBe("#228be6");
    expect(nextColor(["#228be6", "#15aabf"])).toBe("#4c6ef5");
    expect(nextColor(COLORS.map((color) => `#${color}`))).toBe("#228be6");
  });
});
