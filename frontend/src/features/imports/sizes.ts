import { useLocale } from "@/shared/format";

const KIBIBYTE = 1024;
const MEBIBYTE = KIBIBYTE * KIBIBYTE;

export const megabytes = (bytes: number) => Math.round(bytes / MEBIBYTE);

/** "12 kB", "3.4 MB": how people speak of files. */
export function sizeIn(locale: string, bytes: number): string {
  const [unit, value] = bytes < MEBIBYTE ? ["kilobyte", bytes / KIBIBYTE] : ["megabyte", bytes / MEBIBYTE];
  const maximumFractionDigits = unit === "megabyte" && Number(value) < 10 ? 1 : 0;
  const shown = Math.max(unit === "kilobyte" ? 1 : 0.1, Number(value));
  return new Intl.NumberFormat(locale, { style: "unit", unit: String(unit), maximumFractionDigits }).format(shown);
}

export function useSize(bytes: number): string {
  return sizeIn(useLocale(), bytes);
}
