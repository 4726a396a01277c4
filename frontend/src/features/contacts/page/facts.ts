import { phoneToKeep, phoneToRead } from "@/shared/phone";

export type FactKind = "text" | "email" | "phone" | "choice" | "number" | "date" | "url" | "checkbox";
export type FactValue = string | number | boolean | null;

/** Something that is known of a contact: one line, read and changed by itself. */
export interface FactField {
  /** Where a fault of it is told: `city`, `custom.tier`. */
  name: string;
  label: string;
  kind: FactKind;
  required?: boolean;
  choices?: { value: string; label: string }[];
}

/** In whose way things are written. */
export interface Writing {
  culture: string | undefined;
  locale: string;
}

const EMAIL = /^\S+@\S+\.\S+$/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** A kept value as it is edited. */
export function draftOf({ kind }: FactField, value: FactValue, { locale }: Writing): string {
  if (value === null) return "";
  if (kind === "number" && typeof value === "number") {
    return new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 15 }).format(value);
  }
  return kind === "phone" ? phoneToRead(String(value)) : String(value);
}

/** A number as the person writes it; what is none stays as it is, and the server says so. */
export function numberTyped(typed: string, locale: string): number | string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1234.5);
  const sign = (type: string) => parts.find((part) => part.type === type)?.value;
  const plain = typed
    .replaceAll(/\s/gu, "")
    .replaceAll(sign("group") ?? ",", "")
    .replace(sign("decimal") ?? ".", ".");
  return NUMBER.test(plain) ? Number(plain) : typed;
}

type Typed = { value: FactValue } | { fault: "required" | "email" | "phone" };

/** What was typed, as it is kept; or what is wrong with it, as far as that can be told here. */
export function valueTyped({ kind, required }: FactField, draft: string, { culture, locale }: Writing): Typed {
  const typed = draft.trim();
  if (!typed) return required ? { fault: "required" } : { value: null };
  if (kind === "email" && !EMAIL.test(typed)) return { fault: "email" };
  if (kind === "checkbox") return { value: typed === "true" };
  if (kind === "number") return { value: numberTyped(typed, locale) };
  if (kind !== "phone") return { value: typed };
  const kept = phoneToKeep(typed, culture);
  return kept ? { value: kept } : { fault: "phone" };
}
