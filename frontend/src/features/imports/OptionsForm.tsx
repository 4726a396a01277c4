import { Radio, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { statusesQuery } from "@/api/contacts";
import { listsQuery } from "@/api/directory";
import { usersQuery } from "@/api/users";
import { phoneCountryChoices } from "@/shared/phone";
import { useMe } from "@/shared/session";
import { type Draft, ON_EXISTING, type OnExisting } from "./draft";
import classes from "./Wizard.module.css";

interface Props {
  draft: Draft;
  onDraft: (draft: Draft) => void;
}

export function OptionsForm({ draft, onDraft }: Props) {
  const { t } = useTranslation("imports");
  const title = useId();
  const set = (changes: Partial<Draft>) => onDraft({ ...draft, ...changes });
  return (
    <section className={classes.options} aria-label={t("options.title")}>
      <div>
        <Title order={2} id={title}>
          {t("options.existing")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("options.existingWhy")}
        </Text>
        <Radio.Group
          aria-labelledby={title}
          value={draft.onExisting}
          onChange={(value) => set({ onExisting: value as OnExisting })}
        >
          <Stack gap={10} mt={10}>
            {ON_EXISTING.map((each) => (
              <Radio
                key={each}
                value={each}
                size="xs"
                label={t(`options.${each}`)}
                description={t(`options.${each}Why`)}
              />
            ))}
          </Stack>
        </Radio.Group>
      </div>
      <div>
        <Title order={2}>{t("options.new")}</Title>
        <Text size="sm" c="dimmed">
          {t("options.newWhy")}
        </Text>
        <div className={classes.choices}>
          <Choices draft={draft} set={set} />
        </div>
      </div>
    </section>
  );
}

function Choices({ draft, set }: { draft: Draft; set: (changes: Partial<Draft>) => void }) {
  const { t, i18n } = useTranslation("imports");
  const me = useMe();
  const statuses = useQuery(statusesQuery()).data?.items ?? [];
  const users = useQuery(usersQuery()).data?.items ?? [];
  const lists = (useQuery(listsQuery()).data ?? []).filter(({ kind }) => kind === "static");
  const countries = useMemo(() => phoneCountryChoices(i18n.language), [i18n.language]);
  const others = users.filter(({ id }) => id !== me?.id).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <>
      <Select
        label={t("options.owner")}
        data={me ? [{ value: me.id, label: t("options.me", { name: me.name }) }, ...others] : others}
        value={draft.owner ?? me?.id ?? null}
        allowDeselect={false}
        searchable
        onChange={(owner) => set({ owner })}
      />
      <Select
        label={t("options.status")}
        placeholder={statuses.find((each) => each.is_default)?.label ?? ""}
        data={statuses.map(({ label }) => label)}
        value={draft.status}
        clearable
        onChange={(status) => set({ status })}
      />
      <Select
        label={t("options.country")}
        description={t("options.countryWhy")}
        data={countries}
        value={draft.country}
        searchable
        allowDeselect={false}
        // Hundreds of countries, drawn only once somebody looks for one.
        comboboxProps={{ keepMounted: false }}
        onChange={(country) => set({ country })}
      />
      <div>
        <Select
          label={t("options.list")}
          description={t("options.listWhy")}
          placeholder={t("options.noList")}
          data={[
            { value: NEW_LIST, label: t("options.newList") },
            ...lists.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={draft.newList === null ? draft.list : NEW_LIST}
          clearable
          searchable
          onChange={(chosen) =>
            set(chosen === NEW_LIST ? { list: null, newList: "" } : { list: chosen, newList: null })
          }
        />
        {draft.newList !== null && (
          <TextInput
            mt={6}
            aria-label={t("options.newListName")}
            placeholder={t("options.newListName")}
            maxLength={120}
            value={draft.newList}
            onChange={(event) => set({ newList: event.currentTarget.value })}
          />
        )}
      </div>
    </>
  );
}

const NEW_LIST = "new";
