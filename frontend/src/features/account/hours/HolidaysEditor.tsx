import { ActionIcon, Button, Select, Text, TextInput, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocale } from "@/shared/format";
import { Mark } from "@/shared/marks";
import { countryChoices } from "@/shared/places";
import { DayField } from "./DayField";
import classes from "./Hours.module.css";
import { civilDay, type Holiday } from "./hours";
import { useToday } from "./useToday";

interface Props {
  country: string | null;
  savedCountry: string | null;
  onCountry: (country: string | null) => void;
  holidays: Holiday[];
  onHolidays: (holidays: Holiday[]) => void;
  removed: string[];
  onRemoved: (removed: string[]) => void;
  fault: string | undefined;
}

/** The free days: those of a country, each of which can be taken out, and own ones. */
export function HolidaysEditor(props: Props) {
  const { country, savedCountry, onCountry, holidays, onHolidays, removed, onRemoved, fault } = props;
  const { t, i18n } = useTranslation("account");
  const locale = useLocale();
  const another = country !== savedCountry;
  const countries = countryChoices(i18n.language, country);
  const today = useToday();
  const ofCountry = another ? holidays.filter(({ source }) => source === "own") : holidays;
  const listed = ofCountry.filter(({ date }) => date >= today);
  const takeOut = ({ date, source }: Holiday) =>
    source === "own" ? onHolidays(holidays.filter((one) => one.date !== date)) : onRemoved([...removed, date]);
  return (
    <div className={classes.block}>
      <Select
        label={t("hours.country")}
        placeholder={t("hours.noCountry")}
        className={classes.country ?? ""}
        data={countries}
        searchable
        clearable
        clearButtonProps={{ "aria-label": t("hours.noCountry") }}
        value={country}
        onChange={onCountry}
        error={fault}
      />
      {another && country && (
        <Text size="sm" c="dimmed" role="status">
          {t("hours.countryChanged", { country: countries.find(({ value }) => value === country)?.label ?? country })}
        </Text>
      )}
      <ul className={classes.holidays}>
        {listed.map((holiday) => {
          const { date, name, source } = holiday;
          const day = civilDay(date, locale, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
          const gone = removed.includes(date);
          const label = t("hours.removeHoliday", { name: name || t("hours.ownDay"), date: day });
          return (
            <li key={date} className={classes.holiday} data-removed={gone || undefined}>
              <span className={classes.holidayName}>
                <span>{name || t("hours.ownDay")}</span>
                <span className={classes.quiet}>{gone ? t("hours.removed") : day}</span>
              </span>
              {source === "own" && <Mark>{t("hours.own")}</Mark>}
              {gone ? (
                <Tooltip label={t("hours.addBack")}>
                  <ActionIcon
                    aria-label={`${t("hours.addBack")}: ${name}, ${day}`}
                    onClick={() => onRemoved(removed.filter((one) => one !== date))}
                  >
                    <IconArrowBackUp size={15} stroke={1.6} />
                  </ActionIcon>
                </Tooltip>
              ) : (
                <Tooltip label={t("profile.remove")}>
                  <ActionIcon aria-label={label} onClick={() => takeOut(holiday)}>
                    <IconX size={15} stroke={1.6} />
                  </ActionIcon>
                </Tooltip>
              )}
            </li>
          );
        })}
      </ul>
      <NewDay
        known={listed.map(({ date }) => date)}
        onAdd={(day) => {
          onRemoved(removed.filter((one) => one !== day.date));
          if (!listed.some(({ date }) => date === day.date))
            onHolidays([...holidays, day].sort((one, other) => one.date.localeCompare(other.date)));
        }}
      />
    </div>
  );
}

function NewDay({ known, onAdd }: { known: string[]; onAdd: (day: Holiday) => void }) {
  const { t } = useTranslation("account");
  const [date, setDate] = useState<string | null>(null);
  const [name, setName] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const add = () => {
    if (!date) return setFault(t("hours.dayMissing"));
    if (known.includes(date)) return setFault(t("hours.dayKnown"));
    onAdd({ date, name: name.trim(), source: "own" });
    setDate(null);
    setName("");
    setFault(null);
  };
  return (
    <div className={classes.adding}>
      <DayField
        label={t("hours.day")}
        value={date}
        onChange={(day) => {
          setDate(day);
          setFault(null);
        }}
        error={fault}
      />
      <TextInput
        label={t("hours.dayName")}
        placeholder={t("hours.dayNameExample")}
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          add();
        }}
      />
      <Button variant="default" className={classes.addButton ?? ""} onClick={add}>
        {t("hours.addDay")}
      </Button>
    </div>
  );
}
