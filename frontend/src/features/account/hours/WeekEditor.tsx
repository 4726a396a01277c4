import { ActionIcon, Button, Checkbox, Select, Text, Tooltip } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useLocale } from "@/shared/format";
import classes from "./Hours.module.css";
import {
  clockChoices,
  type Days,
  likeMonday,
  nextWindow,
  type Weekday,
  weekdayName,
  weekdaysOf,
  type Window,
} from "./hours";

interface Props {
  days: Days;
  onChange: (days: Days) => void;
  faults: Record<string, string>;
}

/** The hours of each weekday, several of them where somebody works in parts. */
export function WeekEditor({ days, onChange, faults }: Props) {
  const { t } = useTranslation("account");
  const locale = useLocale();
  return (
    <div className={classes.week}>
      {weekdaysOf(locale).map((day) => (
        <DayRow
          key={day}
          day={day}
          name={weekdayName(day, locale)}
          windows={days[day] ?? []}
          onChange={(windows) => onChange({ ...days, [day]: windows })}
          fault={
            Object.entries(faults).find(([path]) => path === `days.${day}` || path.startsWith(`days.${day}.`))?.[1]
          }
        />
      ))}
      <div>
        <Button variant="subtle" size="compact-sm" onClick={() => onChange(likeMonday(days))}>
          {t("hours.copy")}
        </Button>
      </div>
    </div>
  );
}

interface DayProps {
  day: Weekday;
  name: string;
  windows: Window[];
  onChange: (windows: Window[]) => void;
  fault: string | undefined;
}

function DayRow({ name, windows, onChange, fault }: DayProps) {
  const { t } = useTranslation("account");
  const next = nextWindow(windows);
  const open = windows.length > 0;
  const replace = (position: number, part: Partial<Window>) =>
    onChange(windows.map((window, n) => (n === position ? { ...window, ...part } : window)));
  return (
    <div className={classes.day} role="group" aria-label={name}>
      <Checkbox
        className={classes.dayName}
        label={name}
        checked={open}
        onChange={(event) => onChange(event.currentTarget.checked && next ? [next] : [])}
      />
      <div className={classes.windows}>
        {!open && <span className={classes.quiet}>{t("hours.closed")}</span>}
        {windows.map((window, position) => (
          <div key={position} className={classes.window}>
            <ClockField
              label={t("hours.on", { day: name, field: t("hours.opens") })}
              value={window.from}
              onChange={(from) => replace(position, { from })}
            />
            <span aria-hidden>–</span>
            <ClockField
              label={t("hours.on", { day: name, field: t("hours.closes") })}
              value={window.to}
              onChange={(to) => replace(position, { to })}
            />
            {windows.length > 1 && (
              <Tooltip label={t("hours.removeWindow", { day: name })}>
                <ActionIcon
                  aria-label={t("hours.removeWindow", { day: name })}
                  onClick={() => onChange(windows.filter((_, n) => n !== position))}
                >
                  <IconX size={15} stroke={1.6} />
                </ActionIcon>
              </Tooltip>
            )}
            {position === windows.length - 1 && next && (
              <Tooltip label={t("hours.addWindow", { day: name })}>
                <ActionIcon
                  aria-label={t("hours.addWindow", { day: name })}
                  onClick={() => onChange([...windows, next])}
                >
                  <IconPlus size={15} stroke={1.6} />
                </ActionIcon>
              </Tooltip>
            )}
          </div>
        ))}
        {fault && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {fault}
          </Text>
        )}
      </div>
    </div>
  );
}

function ClockField({ label, value, onChange }: { label: string; value: string; onChange: (clock: string) => void }) {
  const locale = useLocale();
  return (
    <Select
      aria-label={label}
      className={classes.clockField ?? ""}
      data={clockChoices(locale, value)}
      searchable
      allowDeselect={false}
      limit={60}
      value={value}
      onChange={(clock) => clock && onChange(clock)}
    />
  );
}
