import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { businessHoursQuery } from "@/api/account";
import type { BusinessHours } from "@/api/types";
import { Fact } from "@/shared/EditSection";
import fixed from "@/shared/EditSection.module.css";
import { useLocale } from "@/shared/format";
import { Blank } from "@/shared/marks";
import { cultureChoices, timeZoneName } from "@/shared/places";
import { SectionFrame } from "@/shared/SectionFrame";
import { useMe } from "@/shared/session";
import { ErrorState } from "@/shared/states";
import classes from "./Hours.module.css";
import { HoursForm } from "./HoursForm";
import { civilDay, civilRange, clockLabel, sameHours, WEEKDAYS, weekdayName, weekdaysOf } from "./hours";
import { useToday } from "./useToday";

/** Time zone, culture, when Salesflows may send, and the days on which they don't. */
export function HoursSection() {
  const { t } = useTranslation("account");
  const [editing, setEditing] = useState(false);
  const { data, error, refetch } = useQuery(businessHoursQuery());
  return (
    <SectionFrame title={t("hours.title")} layout="wide" onEdit={editing || !data ? null : () => setEditing(true)}>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={160} my={8} />}
      {data && editing && <HoursForm hours={data} onDone={() => setEditing(false)} />}
      {data && !editing && <Read hours={data} />}
    </SectionFrame>
  );
}

function Read({ hours }: { hours: BusinessHours }) {
  const { t, i18n } = useTranslation("account");
  const me = useMe();
  const locale = useLocale();
  if (!me) return null;
  const culture = cultureChoices(i18n.language, me.culture).find(({ value }) => value === me.culture)?.label;
  return (
    <dl className={fixed.facts}>
      <Fact label={t("hours.timeZone")}>{timeZoneName(me.time_zone)}</Fact>
      <Fact label={t("hours.culture")}>{culture}</Fact>
      <Fact label={t("hours.hours")}>
        <Week hours={hours} locale={locale} />
      </Fact>
      <Fact label={t("hours.holidays")}>
        <Holidays holidays={hours.holidays} locale={locale} />
      </Fact>
      <Fact label={t("hours.away")}>
        {hours.away.length === 0 && <Blank label={t("hours.awayNone")} />}
        {hours.away.map(({ from, to, note }) => (
          <div key={from}>
            {civilRange(from, to, locale)}
            {note && <span className={classes.quiet}> · {note}</span>}
          </div>
        ))}
      </Fact>
    </dl>
  );
}

function Week({ hours, locale }: { hours: BusinessHours; locale: string }) {
  const { t } = useTranslation("account");
  const order = weekdaysOf(locale);
  // A week of work is read from its first working day on, whatever day the calendar begins with.
  const groups = sameHours(hours.days, order[0] === "sunday" ? WEEKDAYS : order);
  if (groups.length === 0)
    return (
      <Text inherit c="var(--danger)">
        {t("hours.closedAlways")}
      </Text>
    );
  return groups.map(([days, windows]) => (
    <div key={days[0]}>
      {days.map((day) => weekdayName(day, locale)).join(" | ")}{" "}
      <span className={classes.clock}>
        {windows.map(({ from, to }) => `${clockLabel(from, locale)} - ${clockLabel(to, locale)}`).join(", ")}
      </span>
    </div>
  ));
}

const SHOWN = 6;

function Holidays({ holidays, locale }: { holidays: BusinessHours["holidays"]; locale: string }) {
  const { t } = useTranslation("account");
  const [all, setAll] = useState(false);
  const today = useToday();
  const coming = holidays.filter(({ date }) => date >= today);
  const listed = all ? coming : coming.slice(0, SHOWN);
  if (coming.length === 0) return <Blank label={t("hours.holidaysNone")} />;
  return (
    <>
      <ul className={classes.plain}>
        {listed.map(({ date, name }) => (
          <li key={date}>
            {name || t("hours.ownDay")}, <span className={classes.quiet}>{civilDay(date, locale)}</span>
          </li>
        ))}
      </ul>
      {coming.length > SHOWN && (
        <button type="button" className={classes.more} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("hours.less") : t("hours.more", { count: coming.length - SHOWN })}
        </button>
      )}
    </>
  );
}
