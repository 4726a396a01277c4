import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { en } from "@/locales/en";
import { browserCulture, type Language, languageOf } from "@/shared/culture";

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

void i18next.use(initReactI18next).init({
  lng: "en",
  fallbackLng: false,
  resources: {},
  defaultNS: "common",
  initAsync: false,
  interpolation: { escapeValue: false },
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
  document.documentElement.lang = language;
  if (i18next.language !== language || !i18next.resolvedLanguage) await i18next.changeLanguage(language);
}

export { i18next };
