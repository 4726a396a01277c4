import type { ComponentType, CSSProperties } from "react";
import classes from "./happened.module.css";
import type { Tone } from "./marks";

interface Props {
  icon: ComponentType<{ size?: number; stroke?: number }>;
  tone: Tone;
  size: number;
}

/** What happened, as a sign at the beginning of its row. The words beside it say the same. */
export function Sign({ icon: Icon, tone, size }: Props) {
  return (
    <span className={classes.sign} style={{ "--sign-size": `${size}px` } as CSSProperties} data-tone={tone} aria-hidden>
      <Icon size={15} stroke={1.7} />
    </span>
  );
}

/** What happened, by the name of its day, in the order in which it comes. */
export function byDay<Happened extends { at: string }>(
  happened: readonly Happened[],
  dayOf: (at: string) => string,
): [string, Happened[]][] {
  const days = new Map<string, Happened[]>();
  for (const each of happened) days.set(dayOf(each.at), [...(days.get(dayOf(each.at)) ?? []), each]);
  return [...days];
}
