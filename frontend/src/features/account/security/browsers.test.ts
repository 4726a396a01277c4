import { describe, expect, it } from "vitest";
import { browserOf } from "./browsers";

const LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)";

describe("a browser", () => {
  it("is called as people call it, though it names itself after others", () => {
    expect(browserOf(`${LINUX} Chrome/141.0.0.0 Safari/537.36`)).toEqual({ browser: "Chrome", system: "Linux" });
    expect(browserOf(`${LINUX} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0`).browser).toBe("Edge");
    const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1";
    expect(browserOf(phone)).toEqual({ browser: "Safari", system: "iPhone" });
  });

  it("that nobody knows has no name", () => {
    expect(browserOf("")).toEqual({ browser: undefined, system: undefined });
  });
});
