import "@mantine/dates/styles.layer.css";
import { DatePickerInput } from "@mantine/dates";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { datePattern } from "@/shared/culture";
import { useLocale } from "@/shared/format";
import classes from "./Audit.module.css";

interface Props {
  from: string | undefined;
  to: string | undefined;
  onChange: (period: { from: string | undefined; to: string | undefined }) => void;
}

/** Two days and all between them; half a choice waits for its other half. */
export default function PeriodField({ from, to, onChange }: Props) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const locale = useLocale();
  const [begun, setBegun] = useState<string | null>(null);
  return (
    <DatePickerInput
      type="range"
      className={classes.period}
      allowSingleDateInRange
      clearable
      clearButtonProps={{ "aria-label": common("action.clear") }}
      aria-label={t("audit.period")}
      placeholder={t("audit.anyTime")}
      valueFormat={datePattern(locale)}
      maxDate={new Date()}
      value={begun ? [begun, null] : [from ?? null, to ?? null]}
      onChange={([first, last]) => {
        setBegun(first && !last ? first : null);
        if (!first || last) onChange({ from: first ?? undefined, to: last ?? undefined });
      }}
    />
  );
}
