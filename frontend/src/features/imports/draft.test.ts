import { describe, expect, it } from "vitest";
import type { ContactImport } from "@/api/types";
import { inputOf, keepDraft, keptDraft, mapped, remapped, suggestedDraft, tellsPeople } from "./draft";

const file = {
  columns: [
    { name: "E-Mail", samples: ["ann@prospect.example"], suggestion: "email" },
    { name: "Vorname", samples: ["Ann"], suggestion: "first_name" },
    { name: "Nachname", samples: ["Lee"], suggestion: "last_name" },
    { name: "Notiz", samples: [], suggestion: null },
  ],
} as unknown as ContactImport;

describe("what is said of a file", () => {
  it("begins with what its columns look like", () => {
    const draft = suggestedDraft(file, "DE");
    expect(draft.mapping).toEqual({ "E-Mail": "email", Vorname: "first_name", Nachname: "last_name" });
    expect(inputOf(draft, file)).toEqual({ mapping: draft.mapping, on_existing: "complete", default_country: "DE" });
  });

  it("gives a field to one column: the other one lets it go", () => {
    expect(mapped({ "E-Mail": "email", Notiz: "city" }, "Notiz", "email")).toEqual({ Notiz: "email" });
    expect(mapped({ "E-Mail": "email" }, "E-Mail", null)).toEqual({});
  });

  it("has the whole name in one column, or its parts in two", () => {
    expect(mapped({ Vorname: "first_name", Nachname: "last_name" }, "Notiz", "name")).toEqual({ Notiz: "name" });
    expect(mapped({ Notiz: "name" }, "Vorname", "first_name")).toEqual({ Vorname: "first_name" });
  });

  it("needs a last name or an address", () => {
    const draft = suggestedDraft(file, null);
    expect(tellsPeople(draft)).toBe(true);
    expect(tellsPeople({ ...draft, mapping: { Vorname: "first_name" } })).toBe(false);
  });

  it("begins anew when the file is read in another way, so that its columns are other ones", () => {
    expect(remapped({ "Column 1": "email" }, file)).toEqual(suggestedDraft(file, null).mapping);
    expect(remapped({ "E-Mail": "email" }, file)).toEqual({ "E-Mail": "email" });
  });

  it("says nothing of columns that are not there any more", () => {
    const draft = { ...suggestedDraft(file, null), mapping: { Gone: "city", "E-Mail": "email" } };
    expect(inputOf(draft, file).mapping).toEqual({ "E-Mail": "email" });
  });

  it("outlives a reload", () => {
    const draft = { ...suggestedDraft(file, "US"), onExisting: "skip" as const };
    keepDraft("i1", draft);
    expect(keptDraft("i1")).toEqual(draft);
    expect(keptDraft("i2")).toBeNull();
  });
});
