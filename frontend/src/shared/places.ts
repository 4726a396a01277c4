import { i18next } from "@/app/i18n";

interface Choice {
  value: string;
  label: string;
}

/** "Europe / Berlin", "Europa / Berlin": the name of a time zone in the language that is spoken. */
export function timeZoneName(zone: string): string {
  const [area = zone, ...place] = zone.split("/");
  const named = (kind: "areas" | "cities", key: string, id: string) =>
    (i18next.getResource(i18next.language, "zones", `${kind}.${key}`) as string | undefined) ?? id.replaceAll("_", " ");
  return place.length === 0 ? area : `${named("areas", area, area)} / ${named("cities", zone, place.join(" / "))}`;
}

const zonesByName = new Map<string, Choice[]>();

/** Every IANA zone that the browser knows, and the current one, by its name as people read it. */
export function timeZoneChoices(current?: string | null): Choice[] {
  const { language } = i18next;
  const { compare } = new Intl.Collator(language);
  const known =
    zonesByName.get(language) ??
    Intl.supportedValuesOf("timeZone")
      .map((zone) => ({ value: zone, label: timeZoneName(zone) }))
      .sort((one, other) => compare(one.label, other.label));
  zonesByName.set(language, known);
  const missing = current && current !== "UTC" && !known.some(({ value }) => value === current);
  const first = missing ? [current, "UTC"] : ["UTC"];
  return [...first.map((zone) => ({ value: zone, label: timeZoneName(zone) })), ...known];
}

const CULTURES =
  "en-US en-GB en-CA en-AU en-IE en-NZ en-IN de-DE de-AT de-CH fr-FR fr-CA fr-BE fr-CH es-ES es-MX it-IT nl-NL nl-BE pt-PT pt-BR pl-PL sv-SE da-DK nb-NO fi-FI cs-CZ ja-JP ko-KR zh-CN he-IL tr-TR".split(
    " ",
  );

/** The culture that the browser speaks of, among those that can be chosen: "de" alone is taken for Germany. */
export function guessedCulture(languages: readonly string[] = navigator.languages): string {
  for (const given of languages) {
    const { language, region } = new Intl.Locale(given).maximize();
    const found = [`${language}-${region}`, CULTURES.find((culture) => culture.startsWith(`${language}-`))];
    const culture = found.find((each) => each && CULTURES.includes(each));
    if (culture) return culture;
  }
  return "en-US";
}

/** The time zone of this machine; UTC where the browser does not tell. */
export function guessedTimeZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone && zone !== "Etc/Unknown" ? zone : "UTC";
}

/** A language with its region, as "English, United States". */
export function cultureName(culture: string, language: string): string {
  const languages = new Intl.DisplayNames(language, { type: "language" });
  const regions = new Intl.DisplayNames(language, { type: "region" });
  const [tongue = culture, region] = culture.split("-");
  return region ? `${languages.of(tongue)}, ${regions.of(region)}` : (languages.of(tongue) ?? culture);
}

/** Every language and region that can be chosen, and the current one, by name. */
export function cultureChoices(language: string, current?: string): Choice[] {
  const cultures = current && !CULTURES.includes(current) ? [current, ...CULTURES] : CULTURES;
  return cultures
    .map((culture) => ({ value: culture, label: cultureName(culture, language) }))
    .sort((one, other) => one.label.localeCompare(other.label, language));
}

/** The countries of these cultures, by name. */
export function countryChoices(language: string, current: string | null): Choice[] {
  const names = new Intl.DisplayNames(language, { type: "region" });
  const known = CULTURES.map((culture) => culture.split("-").at(-1) ?? culture);
  return [...new Set(current ? [current, ...known] : known)]
    .map((country) => ({ value: country, label: names.of(country) ?? country }))
    .sort((one, other) => one.label.localeCompare(other.label, language));
}
