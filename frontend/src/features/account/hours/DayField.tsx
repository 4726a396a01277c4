import "@mantine/dates/styles.layer.css";
import { DatePickerInput } from "@mantine/dates";
import { datePattern } from "@/shared/culture";
import { useDateHint, useLocale } from "@/shared/format";

interface Props {
  label: string;
  /** A civil day, such as 2026-12-25. */
  value: string | null;
  onChange: (day: string | null) => void;
  error?: string | null;
}

export function DayField({ label, value, onChange, error }: Props) {
  const locale = useLocale();
  const hint = useDateHint();
  return (
    <DatePickerInput
      label={label}
      placeholder={hint}
      valueFormat={datePattern(locale)}
      value={value}
      onChange={onChange}
      error={error}
    />
  );
}

interface RangeProps {
  label: string;
  value: [string | null, string | null];
  onChange: (days: [string | null, string | null]) => void;
  error?: string | null;
}

export function DaysField({ label, value, onChange, error }: RangeProps) {
  const locale = useLocale();
  const hint = useDateHint();
  return (
    <DatePickerInput
      type="range"
      allowSingleDateInRange
      label={label}
      placeholder={`${hint} – ${hint}`}
      valueFormat={datePattern(locale)}
      value={value}
      onChange={onChange}
      error={error}
    />
  );
}
