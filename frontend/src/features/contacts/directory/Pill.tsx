import { IconPlus, IconX } from "@tabler/icons-react";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Filters.module.css";

interface Props extends Omit<ComponentProps<"button">, "value"> {
  label: string;
  /** What is asked for; undefined while nothing is. */
  value: string | undefined;
  onClear: () => void;
}

/** A condition that can be set, or one that is: then it says so, can be changed, and taken away. */
export function Pill({ label, value, onClear, ref, ...button }: Props) {
  const { t } = useTranslation("directory");
  return (
    <span className={classes.pill} data-set={value !== undefined || undefined}>
      <button type="button" {...button} ref={ref} className={classes.set}>
        {value === undefined && <IconPlus size={13} stroke={1.8} aria-hidden />}
        <span className={classes.what}>{value === undefined ? label : t("filter.is", { what: label })}</span>
        {value !== undefined && (
          <>
            {" "}
            <span className={classes.value}>{value}</span>
          </>
        )}
      </button>
      {value !== undefined && (
        <button
          type="button"
          className={classes.clear}
          aria-label={t("filter.remove", { what: label })}
          onClick={onClear}
        >
          <IconX size={13} stroke={2} aria-hidden />
        </button>
      )}
    </span>
  );
}
