import { describe, expect, it } from "vitest";
import { job } from "@/test/factories";
import { errorOf, outcomeOf, reasonsOf, titleOf } from "./words";

describe("a job in words", () => {
  it("says what it is by how far it is", () => {
    expect(titleOf(job({ state: "running" }))).toBe("Changing the status");
    expect(titleOf(job({ state: "done" }))).toBe("Status changed");
    expect(titleOf(job({ state: "cancelled" }))).toBe("Change of status: stopped");
    expect(titleOf(job({ state: "undone" }))).toBe("Change of status: undone");
    expect(titleOf(job({ kind: "something_new", state: "done" }))).toBe("Background work is done");
  });

  it("counts what has come of it, what matters first", () => {
    const result = { changed: 1204, unchanged: 1, left_out: 3, reasons: { not_allowed: 2, not_found: 1 } };
    expect(outcomeOf(job({ state: "done", result }))).toEqual(["1,204 contacts", "1 was so already", "3 left out"]);
    expect(reasonsOf(job({ state: "done", result }))).toEqual(["Not yours to delete (2)", "No longer there (1)"]);
    expect(outcomeOf(job({ state: "done", result: {} }))).toEqual(["Nothing had to be done"]);
  });

  it("says in the words of Salesflows whom they left out", () => {
    const result = { changed: 0, unchanged: 0, left_out: 2, reasons: { opted_out: 2 } };
    expect(reasonsOf(job({ kind: "bulk_add_to_salesflow", state: "done", result }))).toEqual(["Opted out (2)"]);
  });

  it("tells after taking back what was restored and what was changed since", () => {
    const result = { changed: 5, restored: 4, kept: 1, reasons: { not_found: 1 } };
    expect(outcomeOf(job({ state: "undone", result }))).toEqual(["4 restored", "1 kept, changed since"]);
    expect(reasonsOf(job({ state: "undone", result }))).toEqual([]);
  });

  it("says why it went wrong, known or not", () => {
    expect(errorOf(job({ state: "done" }))).toBeNull();
    expect(errorOf(job({ state: "failed", error: "not_found" }))).toContain("was deleted meanwhile");
    expect(errorOf(job({ state: "failed", error: "never_heard_of" }))).toContain("stopped before it was done");
  });
});
