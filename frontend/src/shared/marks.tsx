import { Text, Tooltip, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./marks.module.css";

export type Tone = "neutral" | "accent" | "positive" | "caution" | "danger";

/** A short word about a state, in a colour that says the same. */
export function Mark({ tone = "neutral", children, hint }: { tone?: Tone; children: ReactNode; hint?: string }) {
  const mark = (
    <span className={classes.mark} data-tone={tone}>
      {children}
    </span>
  );
  return hint ? <Tooltip label={hint}>{mark}</Tooltip> : mark;
}

// The colours that the service names; what it gives as a value is used as it is.
const colorOf = (color: string | undefined) =>
  !color ? "var(--mantine-color-dimmed)" : color.startsWith("#") ? color : `var(--mantine-color-${color}-6)`;

export function StatusDot({ label, color }: { label: string; color?: string | undefined }) {
  return (
    <span className={classes.status}>
      <span className={classes.dot} style={{ background: colorOf(color) }} />
      <span className={classes.clip}>{label}</span>
    </span>
  );
}

export function initialsOf(name: string): string {
  const words = name.split(/[\s.@_-]+/u).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return picked
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toLocaleUpperCase();
}

const hueOf = (name: string) => [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 6, 0);

export function Initials({ name, size = 22 }: { name: string; size?: number }) {
  return (
    <span
      className={classes.initials}
      data-hue={hueOf(name)}
      style={{ width: size, height: size, fontSize: Math.max(10, size * 0.4) }}
      aria-hidden
    >
      {initialsOf(name)}
    </span>
  );
}

/** What is not known stays quiet; a screen reader hears that it is empty. */
export function Blank({ label }: { label: string }) {
  return (
    <Text span inherit c="dimmed">
      <span aria-hidden>–</span>
      <VisuallyHidden>{label}</VisuallyHidden>
    </Text>
  );
}
