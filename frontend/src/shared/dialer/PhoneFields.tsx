import { Select, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Refusal } from "../EditSection";
import { phoneCountryChoices } from "../phone";
import classes from "./Phone.module.css";
import type { PhoneForm } from "./usePhoneForm";

/** Country, number, extension. */
export function PhoneFields({ editing, focus = false }: { editing: PhoneForm; focus?: boolean }) {
  const { t, i18n } = useTranslation("account");
  const { form, problem, type } = editing;
  const countries = useMemo(() => phoneCountryChoices(i18n.language), [i18n.language]);
  return (
    <>
      {problem && <Refusal error={problem} />}
      <div className={classes.fields}>
        <Select
          label={t("dialer.country")}
          data={countries}
          searchable
          allowDeselect={false}
          autoComplete="off"
          // Hundreds of countries, drawn only once somebody looks for one.
          comboboxProps={{ keepMounted: false }}
          {...form.getInputProps("country")}
        />
        <TextInput
          label={t("dialer.phone")}
          type="tel"
          autoComplete="tel"
          withAsterisk
          // The person just chose to edit this section.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus={focus}
          {...form.getInputProps("phone")}
          onChange={(event) => type(event.currentTarget.value)}
        />
        <TextInput
          label={t("dialer.extension")}
          inputMode="numeric"
          autoComplete="tel-extension"
          maxLength={10}
          {...form.getInputProps("extension")}
        />
      </div>
    </>
  );
}
