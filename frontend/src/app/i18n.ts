import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "@/locales/en";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: typeof en;
  }
}

void i18next.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  resources: { en },
  defaultNS: "common",
  interpolation: { escapeValue: false },
});

export { i18next };
