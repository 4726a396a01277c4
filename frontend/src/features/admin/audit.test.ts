import { describe, expect, it } from "vitest";
import { deviceOf } from "@/shared/device";
import { lengthOf, withCurrent } from "./lengths";
import { wantedOf } from "./period";
import { readAuditSearch, readUsersSearch } from "./search";
import { wordingOf } from "./sentences";

describe("what is asked of the audit log", () => {
  it("takes days of the person's calendar, the last one included", () => {
    expect(wantedOf({ from: "2026-11-01", to: "2026-11-01" }, "America/New_York")).toEqual({
      // The clocks went back that night: the day has 25 hours.
      from: "2026-11-01T04:00:00.000Z",
      to: "2026-11-02T05:00:00.000Z",
    });
  });

  it("is read from the URL, and nonsense is left out", () => {
    const search = { who: "u1", action: "user.invited", from: "2026-11-01", to: "soon", entry: 7 };
    expect(readAuditSearch(search)).toEqual({ who: "u1", action: "user.invited", from: "2026-11-01" });
    expect(readUsersSearch({ state: "gone", q: 617, new: true })).toEqual({ q: "617", new: true });
  });
});

describe("the wording of an entry", () => {
  it("is as exact as its details", () => {
    expect(wordingOf({ action: "user.changed", detail: { fields: "role" } })).toBe("user_changed_role");
    expect(wordingOf({ action: "user.changed", detail: { fields: "name, role" } })).toBe("user_changed");
    expect(wordingOf({ action: "session.opened", detail: { method: "password", second_factor: true } })).toBe(
      "session_opened_second_factor",
    );
    expect(wordingOf({ action: "session.ended", detail: { how: "signed_out" } })).toBe("session_ended_signed_out");
  });
});

describe("lengths of sessions", () => {
  it("are said in the largest unit without a rest", () => {
    expect([lengthOf(15), lengthOf(720), lengthOf(1440), lengthOf(90)]).toEqual([
      { unit: "minutes", count: 15 },
      { unit: "hours", count: 12 },
      { unit: "days", count: 1 },
      { unit: "minutes", count: 90 },
    ]);
  });

  it("offer what is in force too", () => {
    expect(withCurrent([1, 7], 3)).toEqual([1, 3, 7]);
  });
});

describe("a browser", () => {
  it("is called as people call it", () => {
    const chrome =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
    expect(deviceOf(chrome)).toEqual({ browser: "Chrome", system: "Linux" });
    expect(deviceOf(chrome.replace("Safari/537.36", "Safari/537.36 Edg/156.0"))?.browser).toBe("Edge");
    expect(deviceOf("python-httpx/0.28.1")).toEqual({ browser: "python-httpx", system: null });
    expect(deviceOf("")).toBeNull();
  });
});
