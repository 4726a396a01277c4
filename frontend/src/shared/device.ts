export interface Device {
  browser: string;
  system: string | null;
}

// The first that fits: others name those after them too.
const BROWSERS: [RegExp, string][] = [
  [/Edg(?:e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/HeadlessChrome\/|Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Macintosh|Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

const find = (known: [RegExp, string][], text: string) => known.find(([sign]) => sign.test(text))?.[1] ?? null;

/** What a person calls the browser and the system behind a User-Agent; scripts by their own name; null for nothing. */
export function deviceOf(userAgent: string): Device | null {
  const browser = find(BROWSERS, userAgent) ?? /^[\w.-]+/.exec(userAgent)?.[0] ?? null;
  return browser ? { browser, system: find(SYSTEMS, userAgent) } : null;
}
