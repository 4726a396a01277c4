import "@mantine/dates/styles.layer.css";
import { Button, Group, Stack } from "@mantine/core";
import { DatePickerInput } from "@mantine/dates";
import { useTranslation } from "react-i18next";
import { datePattern } from "@/shared/culture";
import { useLocale } from "@/shared/format";

interface Props {
  after: string | undefined;
  before: string | undefined;
  today: string;
  onChange: (days: { after?: string | undefined; before?: string | undefined }) => void;
}

const earlier = (today: string, days: number) =>
  new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10);

/** Since when, or until when something happened last; with the two that are asked for most at one press. */
export default function ActivityDays({ after, before, today, onChange }: Props) {
  const { t } = useTranslation("directory");
  const { t: common } = useTranslation();
  const shared = {
    valueFormat: datePattern(useLocale()),
    placeholder: t("activity.anyDay"),
    clearable: true,
    clearButtonProps: { "aria-label": common("action.clear") },
    popoverProps: { withinPortal: false },
  };
  return (
    <Stack gap={12}>
      <DatePickerInput
        {...shared}
        label={t("activity.since")}
        maxDate={before}
        value={after ?? null}
        onChange={(day) => onChange({ after: day ?? undefined })}
      />
      <DatePickerInput
        {...shared}
        label={t("activity.before")}
        minDate={after}
        value={before ?? null}
        onChange={(day) => onChange({ before: day ?? undefined })}
      />
      <Group gap={6}>
        {[7, 30].map((days) => (
          <Button
            key={days}
            size="compact-xs"
            variant="default"
            onClick={() => onChange({ after: earlier(today, days), before: undefined })}
          >
            {t("activity.within", { count: days })}
          </Button>
        ))}
        {[30, 90].map((days) => (
          <Button
            key={days}
            size="compact-xs"
            variant="default"
            onClick={() => onChange({ after: undefined, before: earlier(today, days) })}
          >
            {t("activity.quiet", { count: days })}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}
