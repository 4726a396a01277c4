import type { TFunction } from "i18next";

const DELIMITERS = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" } as const;
// As programs name them that write such files.
const ENCODINGS: Record<string, string> = {
  "utf-8": "UTF-8",
  "utf-16": "UTF-16",
  "utf-16-le": "UTF-16",
  "utf-16-be": "UTF-16",
  "utf-32": "UTF-32",
  mac_roman: "Mac Roman",
  koi8_r: "KOI8-R",
  shift_jis: "Shift JIS",
  euc_jp: "EUC-JP",
  gb18030: "GB 18030",
  big5: "Big5",
  euc_kr: "EUC-KR",
};

export const delimiterName = (t: TFunction<"imports">, delimiter: string) =>
  delimiter in DELIMITERS ? t(`delimiter.${DELIMITERS[delimiter as keyof typeof DELIMITERS]}`) : delimiter;

/** "Windows-1252", "ISO 8859-15", "DOS 850". */
export function encodingName(encoding: string): string {
  const page = /^cp(\d+)$/.exec(encoding)?.[1];
  if (page) return page.startsWith("125") ? `Windows-${page}` : `DOS ${page}`;
  return ENCODINGS[encoding] ?? encoding.replace(/^iso8859_/, "ISO 8859-");
}
