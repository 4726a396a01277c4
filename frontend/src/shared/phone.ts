import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min";

/** The number as it is kept (E.164), read with the country of the person's culture; null when it is none. */
export function phoneToKeep(typed: string, culture: string | undefined): string | null {
  const region = culture?.split("-").at(-1) ?? "US";
  const country: CountryCode = isSupportedCountry(region) ? region : "US";
  const number = parsePhoneNumberFromString(typed, country);
  return number?.isPossible() ? number.number : null;
}

/** "+1 202 555 0143": a kept number as people read it. */
export function phoneToRead(kept: string): string {
  return parsePhoneNumberFromString(kept)?.formatInternational() ?? kept;
}
