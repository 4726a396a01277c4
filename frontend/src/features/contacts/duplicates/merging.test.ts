import { expect, test } from "vitest";
import type { Contact } from "@/api/types";
import { canBeKnown } from "./DuplicateWarning";
import { choicesOf, differing, type MergeFact, told } from "./merging";

const contact = (values: Partial<Contact>) => values as Contact;
const fact = (key: "city" | "company" | "email"): MergeFact => ({ key, label: key, valueOf: (one) => one[key] });
const FACTS = [fact("city"), fact("company"), fact("email")];
const ann = contact({ id: "a", city: "Oslo", company: "Contoso", email: null });
const anna = contact({ id: "b", city: "Bergen", company: "Contoso", email: null });

test("only what both say, and differently, has to be chosen", () => {
  expect(differing(FACTS, ann, anna).map(({ key }) => key)).toEqual(["city"]);
  expect(differing(FACTS, ann, contact({ id: "c", city: null, company: null, email: "x@y.example" }))).toEqual([]);
});

test("what neither says is not compared", () => {
  expect(told(FACTS, ann, anna).map(({ key }) => key)).toEqual(["city", "company"]);
});

test("what is taken from the kept one goes without saying", () => {
  expect(choicesOf({ city: "b", company: "a" }, "a", FACTS)).toEqual({ city: "b" });
  expect(choicesOf({ city: "b" }, "b", FACTS)).toEqual({});
});

test("a name alone is many people's", () => {
  expect(canBeKnown({ first_name: "Ann", last_name: "Lee" })).toBe(false);
  expect(canBeKnown({ last_name: "Lee", company: "Contoso" })).toBe(true);
  expect(canBeKnown({ mobile_phone: "+1" })).toBe(true);
});
