import "@mantine/dates/styles.layer.css";
import { DateTimePicker } from "@mantine/dates";
import { useTranslation } from "react-i18next";

interface Props {
  value: string | null;
  onChange: (wallTime: string | null) => void;
  zone: string;
}

export default function StartTime({ value, onChange, zone }: Props) {
  const { t } = useTranslation("enrollment");
  return (
    <DateTimePicker
      mt="sm"
      label={t("add.startAt")}
      description={t("add.startZone", { zone: zone.replaceAll("_", " ") })}
      valueFormat="ddd, D MMM YYYY HH:mm"
      minDate={new Date()}
      value={value}
      onChange={onChange}
      clearable
    />
  );
}
