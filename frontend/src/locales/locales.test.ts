import { describe, expect, it } from "vitest";
import { de } from "./de";
import { en } from "./en";

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

it("has no namespace that English lacks, but for what the service says in English itself", () => {
  expect(Object.keys(de).filter((namespace) => !(namespace in en))).toEqual(["faults"]);
});
