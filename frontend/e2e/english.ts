import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";

const LOCALES = join(import.meta.dirname, "../src/locales");

type Words = { [key: string]: string | Words };

function said(language: string): Map<string, string> {
  const sentences = new Map<string, string>();
  const add = (words: Words, path: string) => {
    for (const [key, value] of Object.entries(words)) {
      if (typeof value === "string") sentences.set(`${path}.${key}`, value);
      else add(value, `${path}.${key}`);
    }
  };
  for (const file of readdirSync(join(LOCALES, language)).filter((name) => name.endsWith(".json"))) {
    add(JSON.parse(readFileSync(join(LOCALES, language, file), "utf8")) as Words, file);
  }
  return sentences;
}

/** A sentence as a pattern: what it is filled with may be anything. */
const pattern = (sentence: string) =>
  sentence
    .replaceAll(/<\/?\w+\s*\/?>/g, "")
    .split(/\{\{.*?\}\}/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".+");

const words = (sentence: string) =>
  sentence.replaceAll(/\{\{.*?\}\}|<.*?>/g, "").match(/\b[A-Za-z][a-z]+\b/g)?.length ?? 0;

/** Every sentence that English and German say differently, as one pattern; without words that German has as well. */
function differing(data: readonly string[]): string {
  const german = said("de");
  const known = new Set([...german.values(), ...data]);
  const found = [...said("en")].filter(([key, english]) => english !== german.get(key) && !known.has(english));
  // "{{position}} of {{of}}" would be found in many a job title.
  const telling = found.filter(([, english]) => words(english) > (english.includes("{{") ? 1 : 0));
  return `^(?:${[...new Set(telling.map(([, english]) => pattern(english)))].join("|")})$`;
}

/**
 * What is shown, or read to a person, in the words of the English locale; `data` are words that the organization chose
 * itself. Looks at texts, at whole sentences of several parts, and at names for screen readers; not into emails.
 */
export function englishOn(page: Page, data: readonly string[]): Promise<string[]> {
  return page.evaluate((source) => {
    const english = new RegExp(source, "u");
    const plain = (text: string | null | undefined) => (text ?? "").replaceAll(/\s+/g, " ").trim();
    const found = new Set<string>();
    const look = (text: string) => text && text.length < 400 && english.test(text) && found.add(text);
    look(plain(document.title));
    for (const element of Array.from(document.body.querySelectorAll("*"))) {
      if (!element.checkVisibility()) continue;
      const isSentence = Array.from(element.children).every((part) => getComputedStyle(part).display === "inline");
      if (isSentence) look(plain(element.textContent));
      for (const node of Array.from(element.childNodes))
        if (node.nodeType === Node.TEXT_NODE) look(plain(node.textContent));
      for (const name of ["aria-label", "aria-valuetext", "placeholder", "title", "alt"]) {
        look(plain(element.getAttribute(name)));
      }
    }
    return [...found];
  }, differing(data));
}
