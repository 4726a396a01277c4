import "@mantine/dates/styles.layer.css";
import { DateTimePicker } from "@mantine/dates";
import { useTranslation } from "react-i18next";
import { datePattern, isTwelveHours, timePattern } from "../culture";
import { useLocale } from "../format";
import { timeZoneName } from "../places";

interface Props {
  value: string | null;
  onChange: (wallTime: string | null) => void;
  zone: string;
}

export default function StartTime({ value, onChange, zone }: Props) {
  const { t } = useTranslation("enrollment");
  const { t: common } = useTranslation();
  const locale = useLocale();
  return (
    <DateTimePicker
      mt="sm"
      label={t("add.startAt")}
      description={t("add.startZone", { zone: timeZoneName(zone) })}
      valueFormat={`dd, ${datePattern(locale)} ${timePattern(locale)}`}
      timePickerProps={{
        format: isTwelveHours(locale) ? "12h" : "24h",
        hoursInputLabel: common("calendar.hours"),
        minutesInputLabel: common("calendar.minutes"),
        amPmInputLabel: common("calendar.amPm"),
      }}
      minDate={new Date()}
      value={value}
      onChange={onChange}
      clearable
    />
  );
}
