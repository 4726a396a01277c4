import { Fragment } from "react";
import classes from "./Sentence.module.css";

const STRONG = /<b>(.*?)<\/b>/gsu;

/** A translated sentence whose names, between <b> and </b>, stand out. */
export function Sentence({ text }: { text: string }) {
  // Every second part is what stood between the marks.
  return text.split(STRONG).map((part, n) =>
    n % 2 === 1 ? (
      <strong key={n} className={classes.strong}>
        {part}
      </strong>
    ) : (
      <Fragment key={n}>{part}</Fragment>
    ),
  );
}

/** The same for where only text can be, such as a name for screen readers. */
export const plain = (text: string): string => text.replace(STRONG, "$1");
