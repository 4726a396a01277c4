/** Every IANA zone that the browser knows, by its name as people read it. */
export function timeZoneChoices(): { value: string; label: string }[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => ({
    value: zone,
    label: zone.replaceAll("_", " ").replaceAll("/", " / "),
  }));
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
export const guessedTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** Languages with their regions, as "English, United States". */
export function cultureChoices(language: string, current?: string): { value: string; label: string }[] {
  const languages = new Intl.DisplayNames(language, { type: "language" });
  const regions = new Intl.DisplayNames(language, { type: "region" });
  const named = (culture: string) => {
    const [tongue = culture, region] = culture.split("-");
    return region ? `${languages.of(tongue)}, ${regions.of(region)}` : (languages.of(tongue) ?? culture);
  };
  const cultures = current && !CULTURES.includes(current) ? [current, ...CULTURES] : CULTURES;
  return cultures
    .map((culture) => ({ value: culture, label: named(culture) }))
    .sort((one, other) => one.label.localeCompare(other.label, language));
}

/** The countries of these cultures, by name. */
export function countryChoices(language: string, current: string | null): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(language, { type: "region" });
  const known = CULTURES.map((culture) => culture.split("-").at(-1) ?? culture);
  return [...new Set(current ? [current, ...known] : known)]
    .map((country) => ({ value: country, label: names.of(country) ?? country }))
    .sort((one, other) => one.label.localeCompare(other.label, language));
}
