const TAG = /\{\{.*?\}\}|\{%.*?%\}/g;
const BLOCK_ENDS = /<\/(?:p|ul|ol|li|h[1-6]|blockquote)>(?!\n|$)/g;
const ESCAPES: [string, string][] = [
  ["&gt;", ">"],
  ["&lt;", "<"],
  ["&amp;", "&"],
  ["&nbsp;", " "],
];

/**
 * What the editor holds, as the service takes it: nothing for an empty text, one paragraph a line (so that "line 3" of
 * an error is the third paragraph), and template tags as they were typed.
 */
export function toSource(html: string): string {
  if (/^(<p><\/p>)*$/.test(html)) return "";
  return html
    .replace(BLOCK_ENDS, "$&\n")
    .replace(TAG, (tag) => ESCAPES.reduce((text, [escaped, plain]) => text.replaceAll(escaped, plain), tag));
}
