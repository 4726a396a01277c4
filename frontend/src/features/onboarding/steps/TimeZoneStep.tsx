import { Select, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { languageOf, localeOf } from "@/shared/culture";
import { Refusal } from "@/shared/EditSection";
import { makeFormat } from "@/shared/format";
import { cultureChoices, guessedCulture, guessedTimeZone, timeZoneChoices } from "@/shared/places";
import { useAhead, useMe } from "@/shared/session";
import { Footer } from "../Footer";
import type { StepProps } from "../OnboardingPage";
import classes from "./TimeZoneStep.module.css";
import { otherFault, useSavedDetails } from "./useSavedDetails";

const A_NUMBER = 1234.5;

/** Guessed from the browser until the person has said so himself. */
export function TimeZoneStep({ wizard, visited }: StepProps) {
  const { t, i18n } = useTranslation("onboarding");
  const me = useMe();
  const form = useForm({
    initialValues: {
      time_zone: visited && me ? me.time_zone : guessedTimeZone(),
      culture: visited && me ? me.culture : guessedCulture(),
    },
  });
  const saving = useSavedDetails(form, () => wizard.leave("done"));
  const problem = otherFault(saving.error, Object.keys(form.values));
  const { time_zone, culture } = form.values;
  const zones = useMemo(() => timeZoneChoices(time_zone), [time_zone]);
  const cultures = useMemo(() => cultureChoices(i18n.language, culture), [i18n.language, culture]);
  const guessed = !visited && time_zone === guessedTimeZone();
  return (
    <form noValidate onSubmit={form.onSubmit((values) => saving.submit(values))}>
      {problem && <Refusal error={problem} />}
      <Stack gap={16}>
        <Select
          label={t("place.timeZone")}
          data={zones}
          searchable
          allowDeselect={false}
          limit={200}
          description={guessed ? t("place.guessed") : undefined}
          inputWrapperOrder={["label", "input", "description", "error"]}
          {...form.getInputProps("time_zone")}
        />
        <Select
          label={t("place.culture")}
          data={cultures}
          searchable
          allowDeselect={false}
          description={t("place.cultureHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          {...form.getInputProps("culture")}
        />
      </Stack>
      <Sample timeZone={time_zone} culture={culture} />
      <Footer wizard={wizard} pending={saving.isPending} />
    </form>
  );
}

/** What was chosen, at once: the time there and how everything will be written. */
function Sample({ timeZone, culture }: { timeZone: string; culture: string }) {
  const { t } = useTranslation("onboarding");
  const ahead = useAhead();
  const format = useMemo(
    () => makeFormat(localeOf(languageOf(culture), culture), timeZone, { justNow: "" }),
    [culture, timeZone],
  );
  const [opened] = useState(Date.now);
  const now = new Date(opened + ahead).toISOString();
  return (
    <dl className={classes.sample} aria-live="polite">
      <div>
        <dt>{t("place.now")}</dt>
        <dd>{format.full(now)}</dd>
      </div>
      <div>
        <dt>{t("place.looks")}</dt>
        <dd>{[format.date(now), format.time(now), format.number(A_NUMBER)].join(" · ")}</dd>
      </div>
    </dl>
  );
}
