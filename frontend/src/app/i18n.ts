import i18next, { type FormatterModule } from "i18next";
import { initReactI18next } from "react-i18next";
import type { en } from "@/locales/en";
import { browserCulture, type Language, languageOf, localeOf } from "@/shared/culture";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: typeof en;
  }
}

type Words = Record<string, object>;

// One chunk for each language, fetched when it is spoken; the names of its days and months come with it.
const loaders: Record<Language, () => Promise<Words>> = {
  en: async () => (await import("@/locales/en")).en,
  de: async () => {
    const [{ de }] = await Promise.all([import("@/locales/de"), import("dayjs/locale/de")]);
    return de;
  },
};

let numbers = new Intl.NumberFormat("en");

/** Numbers in sentences are written as everywhere else: in the way of the person's region. */
const asEverywhere: FormatterModule = {
  type: "formatter",
  init: () => undefined,
  add: () => undefined,
  addCached: () => undefined,
  format: (value: unknown) => (typeof value === "number" ? numbers.format(value) : (value as string)),
};

void i18next
  .use(asEverywhere)
  .use(initReactI18next)
  .init({
    lng: "en",
    fallbackLng: false,
    resources: {},
    defaultNS: "common",
    initAsync: false,
    interpolation: { escapeValue: false, alwaysFormat: true },
  });

let wanted: Language | undefined;

/** Speaks the language of a culture; without one, the browser's. May be asked again at any time: the last one counts. */
export async function speak(culture: string = browserCulture()): Promise<void> {
  const language = languageOf(culture);
  wanted = language;
  if (!i18next.hasResourceBundle(language, "common")) {
    for (const [namespace, words] of Object.entries(await loaders[language]())) {
      i18next.addResourceBundle(language, namespace, words);
    }
  }
  if (wanted !== language) return;
  numbers = new Intl.NumberFormat(localeOf(language, culture));
  document.documentElement.lang = language;
  if (i18next.language !== language || !i18next.resolvedLanguage) await i18next.changeLanguage(language);
}

export { i18next };
