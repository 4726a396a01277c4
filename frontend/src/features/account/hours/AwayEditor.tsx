import { ActionIcon, Button, Text, TextInput, Tooltip } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocale } from "@/shared/format";
import { DaysField } from "./DayField";
import classes from "./Hours.module.css";
import { type Away, civilRange } from "./hours";

interface Props {
  away: Away[];
  onChange: (away: Away[]) => void;
  faults: Record<string, string>;
}

/** When somebody is on leave: from a day to another, and why. */
export function AwayEditor({ away, onChange, faults }: Props) {
  const { t } = useTranslation("account");
  const locale = useLocale();
  return (
    <div className={classes.block}>
      {away.length > 0 && (
        <ul className={classes.holidays}>
          {away.map(({ from, to, note }, position) => {
            const days = civilRange(from, to, locale);
            const fault = Object.entries(faults).find(
              ([path]) => path.split(".").slice(0, 2).join(".") === `away.${position}`,
            );
            return (
              <li key={`${from} ${to}`} className={classes.holiday}>
                <span className={classes.holidayName}>
                  <span>{days}</span>
                  {note && <span className={classes.quiet}>{note}</span>}
                  {fault && (
                    <Text span size="sm" c="var(--mantine-color-error)" role="alert">
                      {fault[1]}
                    </Text>
                  )}
                </span>
                <Tooltip label={t("profile.remove")}>
                  <ActionIcon
                    aria-label={t("hours.removeAway", { days })}
                    onClick={() => onChange(away.filter((_, n) => n !== position))}
                  >
                    <IconX size={15} stroke={1.6} />
                  </ActionIcon>
                </Tooltip>
              </li>
            );
          })}
        </ul>
      )}
      <NewAway onAdd={(one) => onChange([...away, one].sort((a, b) => a.from.localeCompare(b.from)))} />
    </div>
  );
}

function NewAway({ onAdd }: { onAdd: (away: Away) => void }) {
  const { t } = useTranslation("account");
  const [days, setDays] = useState<[string | null, string | null]>([null, null]);
  const [note, setNote] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const add = () => {
    const [from, to] = days;
    if (!from || !to) return setFault(t("hours.awayMissing"));
    onAdd({ from, to, note: note.trim() });
    setDays([null, null]);
    setNote("");
    setFault(null);
  };
  return (
    <div className={classes.adding}>
      <DaysField
        label={t("hours.awayDays")}
        value={days}
        onChange={(chosen) => {
          setDays(chosen);
          setFault(null);
        }}
        error={fault}
      />
      <TextInput
        label={t("hours.awayNote")}
        placeholder={t("hours.awayNoteExample")}
        maxLength={100}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          add();
        }}
      />
      <Button variant="default" className={classes.addButton ?? ""} onClick={add}>
        {t("hours.addAway")}
      </Button>
    </div>
  );
}
