/** A merge field as the template language writes it, with what to say when it is empty. */
export function mergeTag(name: string, fallback: string): string {
  const said = fallback.trim();
  if (!said) return `{{ ${name} }}`;
  const quote = said.includes("'") ? '"' : "'";
  return `{{ ${name} | default: ${quote}${said.replaceAll(quote, "")}${quote} }}`;
}
