import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from "libphonenumber-js/min";

/** The country of a culture whose numbers are written without its code. */
export function phoneCountry(culture: string | undefined): CountryCode {
  const region = culture?.split("-").at(-1) ?? "US";
  return isSupportedCountry(region) ? region : "US";
}

/** The number as it is kept (E.164), read with the country of the person's culture; null when it is none. */
export function phoneToKeep(typed: string, culture: string | undefined): string | null {
  const number = parsePhoneNumberFromString(typed, phoneCountry(culture));
  return number?.isPossible() ? number.number : null;
}

/** "+1 202 555 0143": a kept number as people read it. */
export function phoneToRead(kept: string): string {
  return parsePhoneNumberFromString(kept)?.formatInternational() ?? kept;
}

export interface TypedPhone {
  country: CountryCode;
  phone: string;
}

/** A kept number as it is edited: its country, and the number as it is written there. */
export function phoneToEdit(kept: string | null, culture: string | undefined): TypedPhone {
  const number = kept ? parsePhoneNumberFromString(kept) : undefined;
  // Some numbers belong to no country: they are written with their code.
  if (!number?.country) return { country: phoneCountry(culture), phone: number?.formatInternational() ?? "" };
  return { country: number.country, phone: number.formatNational() };
}

/** What was typed as it is kept, and an extension that was typed with it; null when it is no number. */
export function phoneTyped({ country, phone }: TypedPhone): { kept: string; extension: string | undefined } | null {
  const number = parsePhoneNumberFromString(phone, country);
  return number?.isPossible() ? { kept: number.number, extension: number.ext } : null;
}

/** The country that a number says itself, by its code. */
export function countryTyped(phone: string): CountryCode | undefined {
  return phone.trim().startsWith("+") ? parsePhoneNumberFromString(phone)?.country : undefined;
}

/** Every country with its code, by name: "United States (+1)". */
export function phoneCountryChoices(language: string): { value: CountryCode; label: string }[] {
  const names = new Intl.DisplayNames(language, { type: "region" });
  return getCountries()
    .map((country) => ({
      value: country,
      label: `${names.of(country) ?? country} (+${getCountryCallingCode(country)})`,
    }))
    .sort((one, other) => one.label.localeCompare(other.label, language));
}
