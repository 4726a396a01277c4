import { Button, Group, Select, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { businessHoursQuery, setBusinessHours } from "@/api/account";
import { faultsByField } from "@/api/errors";
import { meQuery, updateMe } from "@/api/session";
import type { BusinessHours } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { isEscapeFor } from "@/shared/keys";
import { cultureChoices, timeZoneChoices } from "@/shared/places";
import { useMe } from "@/shared/session";
import { useSubmission } from "@/shared/submission";
import { useUnsavedGuard } from "@/shared/unsaved";
import { AwayEditor } from "./AwayEditor";
import classes from "./Hours.module.css";
import { HolidaysEditor } from "./HolidaysEditor";
import type { Holiday } from "./hours";
import { WeekEditor } from "./WeekEditor";

interface Draft {
  time_zone: string;
  culture: string;
  days: BusinessHours["days"];
  country: string | null;
  holidays: Holiday[];
  /** Dates of holidays on which the person works after all. */
  removed: string[];
  away: BusinessHours["away"];
}

const regionOf = (culture: string) => culture.split("-").at(-1) ?? "";

export function HoursForm({ hours, onDone }: { hours: BusinessHours; onDone: () => void }) {
  const { t, i18n } = useTranslation("account");
  const { t: common } = useTranslation();
  const me = useMe();
  const queryClient = useQueryClient();
  const [original] = useState<Draft>(() => ({
    time_zone: me?.time_zone ?? hours.time_zone,
    culture: me?.culture ?? "en-US",
    days: hours.days,
    country: hours.country,
    holidays: hours.holidays,
    removed: [],
    away: hours.away,
  }));
  const [draft, setDraft] = useState(original);
  const change = (part: Partial<Draft>) => setDraft((known) => ({ ...known, ...part }));
  useUnsavedGuard(draft !== original);
  const saving = useSubmission({
    mutationFn: async (given: Draft) => {
      const { time_zone, culture } = given;
      if (time_zone !== original.time_zone || culture !== original.culture) {
        queryClient.setQueryData(meQuery().queryKey, await updateMe({ time_zone, culture }));
      }
      return setBusinessHours(documentOf(given, original.country));
    },
    onSuccess: (saved) => {
      queryClient.setQueryData(businessHoursQuery().queryKey, saved);
      said(t("hours.saved"));
      onDone();
    },
  });
  const faults = faultsByField(saving.error);
  const unplaced = saving.error && Object.keys(faults).length === 0;
  const chooseCulture = (culture: string) => {
    const follows = draft.country === regionOf(draft.culture);
    change({ culture, ...(follows ? { country: regionOf(culture) } : {}) });
  };
  return (
    // Escape restores from wherever in the form the focus is.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        saving.submit(draft);
      }}
      onKeyDown={(event) => isEscapeFor(event) && onDone()}
    >
      {unplaced && <Refusal error={saving.error} />}
      <div className={classes.pair}>
        <Select
          label={t("hours.timeZone")}
          data={timeZoneChoices(draft.time_zone)}
          searchable
          allowDeselect={false}
          limit={200}
          value={draft.time_zone}
          onChange={(zone) => zone && change({ time_zone: zone })}
          error={faults.time_zone}
        />
        <Select
          label={t("hours.culture")}
          description={t("hours.cultureWhy")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          data={cultureChoices(i18n.language, draft.culture)}
          searchable
          allowDeselect={false}
          value={draft.culture}
          onChange={(culture) => culture && chooseCulture(culture)}
          error={faults.culture}
        />
      </div>
      <div>
        <Title order={3}>{t("hours.hours")}</Title>
        <Text size="sm" c="dimmed" mb={8}>
          {t("hours.hoursWhy")}
        </Text>
        <WeekEditor days={draft.days} onChange={(days) => change({ days })} faults={faults} />
      </div>
      <div>
        <Title order={3} mb={8}>
          {t("hours.holidays")}
        </Title>
        <HolidaysEditor
          country={draft.country}
          savedCountry={original.country}
          onCountry={(country) => change({ country, removed: [] })}
          holidays={draft.holidays}
          onHolidays={(holidays) => change({ holidays })}
          removed={draft.removed}
          onRemoved={(removed) => change({ removed })}
          fault={faults.country ?? faults.holidays}
        />
      </div>
      <div>
        <Title order={3}>{t("hours.away")}</Title>
        <Text size="sm" c="dimmed" mb={8}>
          {t("hours.awayWhy")}
        </Text>
        <AwayEditor away={draft.away} onChange={(away) => change({ away })} faults={faults} />
      </div>
      <Group gap={8}>
        <Button type="submit" size="sm" loading={saving.isPending}>
          {common("action.save")}
        </Button>
        <Button variant="default" size="sm" onClick={onDone}>
          {common("action.cancel")}
        </Button>
      </Group>
    </form>
  );
}

/** Another country brings its own holidays, so none of the former one are sent along. */
function documentOf({ days, country, holidays, removed, away }: Draft, saved: string | null) {
  const kept = holidays.filter(
    ({ date, source }) => !removed.includes(date) && (country === saved || source === "own"),
  );
  return { days, country, holidays: kept, away };
}
