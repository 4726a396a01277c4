import { describe, expect, it } from "vitest";
import { asksSame, filterOf, readContactsSearch, searchOf, searchToEdit, showsSame, stateOf } from "./search";

const ID = "0193f2c0-0000-7000-8000-000000000001";
const BERLIN = "Europe/Berlin";

describe("the address of the directory", () => {
  it("keeps what it understands and leaves out the rest", () => {
    const read = readContactsSearch({
      q: 617,
      status: "New",
      owner: "not an id",
      list: ID,
      after: "2026-11-01",
      before: "yesterday",
      optedOut: false,
      fields: { region: "EMEA", seats: 12, nothing: null },
      sort: "-name",
      size: 100,
      columns: "email,company",
    });
    expect(read).toEqual({
      q: "617",
      status: "New",
      list: ID,
      after: "2026-11-01",
      optedOut: false,
      fields: { region: "EMEA", seats: "12" },
      sort: "-name",
      size: 100,
      columns: "email,company",
    });
    expect(readContactsSearch({ sort: "shoe_size", size: 7, fields: ["a"], optedOut: "yes" })).toEqual({});
  });

  it("asks for days of the person's own calendar", () => {
    const filter = filterOf({ after: "2026-11-01", before: "2026-07-01", optedOut: false }, BERLIN);
    expect(filter).toEqual({
      last_activity_after: "2026-10-31T23:00:00.000Z",
      last_activity_before: "2026-06-30T22:00:00.000Z",
      opted_out: false,
    });
  });

  it("is kept by a view and comes back the same", () => {
    const shown = {
      q: "ann",
      status: "New",
      list: ID,
      after: "2026-03-29",
      optedOut: true,
      fields: { region: "EMEA" },
      sort: "name",
      columns: "email,company",
    };
    const back = searchOf({ id: ID, state: stateOf(shown, BERLIN) }, BERLIN);
    expect(back).toEqual({ ...shown, view: ID });
    expect(showsSame(back, shown)).toBe(true);
  });

  it("shows the same on every page, and something else with every other condition", () => {
    expect(showsSame({ status: "New", cursor: "x", size: 25, sort: "-created_at" }, { status: "New" })).toBe(true);
    expect(showsSame({ fields: { a: "1", b: "2" } }, { fields: { b: "2", a: "1" } })).toBe(true);
    expect(showsSame({ columns: "email,company" }, { columns: "company,email" })).toBe(true);
    expect(showsSame({ status: "New" }, { status: "Open" })).toBe(false);
    expect(showsSame({}, { sort: "name" })).toBe(false);
    expect(showsSame({}, { columns: "email" })).toBe(false);
  });

  it("holds the filter of a list to be changed, and sees when it asks for others", () => {
    const filter = {
      q: "ann",
      opted_out: false,
      last_activity_after: "2026-03-28T23:00:00Z",
      fields: { region: "EMEA" },
    };
    const shown = searchToEdit({ id: ID, filter }, BERLIN);
    expect(shown).toEqual({ q: "ann", optedOut: false, after: "2026-03-29", fields: { region: "EMEA" }, edit: ID });
    expect(readContactsSearch({ ...shown })).toEqual(shown);
    expect(asksSame({ ...shown, sort: "name", columns: "email", cursor: "x" }, shown)).toBe(true);
    expect(asksSame({ ...shown, q: "bob" }, shown)).toBe(false);
    expect(asksSame({ edit: ID }, shown)).toBe(false);
    expect(readContactsSearch({ edit: "not an id" })).toEqual({});
  });
});
