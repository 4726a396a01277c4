import { describe, expect, it } from "vitest";
import { de } from "./de";
import { en } from "./en";
import refusals from "./faults.keys.json";

type Words = { [key: string]: string | Words };

function flattened(words: Words, path = ""): [string, string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[path + key, value]] : flattened(value, `${path}${key}.`),
  );
}

/** What a sentence is filled with: {{name}}, and the tags of Trans. */
const slots = (text: string) => (text.match(/\{\{[^}]+\}\}|<\/?[\w]+\s*\/?>/g) ?? []).toSorted();

// One thing of a kind may be said without its number ("one contact"), so there no slot has to be the same.
const isOne = (key: string) => /_(zero|one)$/.test(key);

const namespaces = Object.keys(en) as (keyof typeof en)[];
const spoken: Partial<Record<string, Words>> = de;

describe.each(namespaces)("the German of %s", (namespace) => {
  const english = flattened(en[namespace]);
  const german = new Map(flattened(spoken[namespace] ?? {}));

  it("says everything, and nothing else", () => {
    expect([...german.keys()].toSorted()).toEqual(english.map(([key]) => key).toSorted());
  });

  it("fills its sentences with the same values", () => {
    const different = english.filter(
      ([key, text]) => !isOne(key) && String(slots(german.get(key) ?? "")) !== String(slots(text)),
    );
    expect(different).toEqual([]);
  });

  it("leaves nothing empty", () => {
    expect([...german].filter(([, text]) => !text.trim())).toEqual([]);
  });
});

// faults.keys.json is read from the service's own code, which says each of these in English.
describe.each(["problem", "field"] as const)("what the service says of a %s", (kind) => {
  const said: Record<string, string[]> = refusals[kind];
  const german: Record<string, string> = de.faults[kind];

  it("is said in German too, each case of it", () => {
    expect(Object.keys(german).toSorted()).toEqual(Object.keys(said).toSorted());
  });

  it("is filled with nothing but what the service gives", () => {
    const open = Object.entries(german).filter(([key, text]) =>
      [...text.matchAll(/\{\{(\w+)/g)].some(([, name = ""]) => !said[key]?.includes(name)),
    );
    expect(open).toEqual([]);
  });
});

it.each(Object.entries({ de, en }))("every reason that the service gives has words: %s", (_, { enrollment }) => {
  expect(Object.keys(refusals.reason).filter((code) => !(code in enrollment.reason))).toEqual([]);
});

it("has no namespace that English lacks, but for what is English itself: the service's words, ids of time zones", () => {
  expect(Object.keys(de).filter((namespace) => !(namespace in en))).toEqual(["faults", "zones"]);
});
