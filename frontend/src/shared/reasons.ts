import { i18next } from "@/app/i18n";

/** A reason that the service gives by its code, in words. One that is not known yet is at least made readable. */
export function reasonInWords(code: string): string {
  const readable = code.replaceAll("_", " ");
  const defaultValue = readable.charAt(0).toUpperCase() + readable.slice(1);
  return i18next.t(`reason.${code}` as "reason.replied", { ns: "enrollment", defaultValue });
}
