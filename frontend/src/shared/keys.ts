import type { KeyboardEvent } from "react";

/**
 * Escape for a form as a whole: not for a list or a calendar that is open in it, which close themselves. (What is drawn
 * elsewhere, such as a calendar, still bubbles through React.)
 */
export function isEscapeFor(event: KeyboardEvent<HTMLElement>): boolean {
  if (event.key !== "Escape" || event.defaultPrevented) return false;
  const target = event.target as HTMLElement;
  return event.currentTarget.contains(target) && target.getAttribute("aria-expanded") !== "true";
}
