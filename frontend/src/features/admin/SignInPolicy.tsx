import { Select, Switch, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { settingsQuery, updateSettings } from "@/api/admin";
import type { OrganizationSettings, OrganizationSettingsInput } from "@/api/types";
import { confirmed, failed, said } from "@/shared/feedback";
import { useFormat } from "@/shared/format";
import { lengthOf, withCurrent } from "./lengths";
import classes from "./Organization.module.css";
import { SettingsGroup } from "./SettingsGroup";

const IDLE = [15, 30, 60, 240, 480, 720, 1440, 10_080];
const DAYS = [1, 7, 14, 30, 90, 365];

/** What is demanded of everybody's sessions; each is saved as it is chosen. */
export function SignInPolicy({ settings }: { settings: OrganizationSettings }) {
  const { t } = useTranslation("admin");
  const { number } = useFormat();
  const queryClient = useQueryClient();
  const saving = useMutation({
    mutationFn: (changes: OrganizationSettingsInput) => updateSettings(changes),
    onSuccess: (saved) => queryClient.setQueryData(settingsQuery().queryKey, saved),
    onError: failed,
  });
  const switchId = useId();
  const shown = { ...settings, ...(saving.isPending ? saving.variables : {}) };
  const lacking = settings.users_without_second_factor;
  const lackingWords = lacking
    ? t("organization.lacking", { count: lacking, total: number(lacking) })
    : t("organization.lackingNobody");

  const require = async (required: boolean) => {
    const question = {
      title: t("organization.requireTitle"),
      body: `${t("organization.requireBody")} ${lackingWords}`,
      confirm: t("organization.require"),
    };
    if (required && !(await confirmed(question))) return;
    saving.mutate(
      { require_second_factor: required },
      { onSuccess: () => said(t(required ? "organization.requiredNow" : "organization.notRequired")) },
    );
  };
  const lengthen = async (name: "session_idle_minutes" | "session_days", value: number) => {
    const question = {
      title: t("organization.shorterTitle"),
      body: t("organization.shorterBody"),
      confirm: t("organization.shorter"),
    };
    if (value < settings[name] && !(await confirmed(question))) return;
    saving.mutate({ [name]: value }, { onSuccess: () => said(t("organization.lengthSaved")) });
  };
  return (
    <SettingsGroup title={t("organization.policy")} why={t("organization.policyWhy")}>
      <div className={classes.row}>
        <div className={classes.words}>
          <Text component="label" htmlFor={switchId} size="sm" fw={500}>
            {t("organization.secondFactor")}
          </Text>
          <Text size="xs" c="dimmed">
            {t("organization.secondFactorWhy")} {lackingWords}
          </Text>
        </div>
        <Switch
          size="sm"
          id={switchId}
          checked={shown.require_second_factor ?? false}
          onChange={(event) => void require(event.currentTarget.checked)}
        />
      </div>
      <Length
        label={t("organization.idle")}
        help={t("organization.idleWhy")}
        value={shown.session_idle_minutes ?? 0}
        choices={withCurrent(IDLE, settings.session_idle_minutes)}
        words={(minutes) => {
          const { unit, count } = lengthOf(minutes);
          return t(`organization.${unit}Value`, { count });
        }}
        onChange={(minutes) => void lengthen("session_idle_minutes", minutes)}
      />
      <Length
        label={t("organization.days")}
        help={t("organization.daysWhy")}
        value={shown.session_days ?? 0}
        choices={withCurrent(DAYS, settings.session_days)}
        words={(count) => t("organization.daysValue", { count })}
        onChange={(days) => void lengthen("session_days", days)}
      />
    </SettingsGroup>
  );
}

interface LengthProps {
  label: string;
  help: string;
  value: number;
  choices: number[];
  words: (value: number) => string;
  onChange: (value: number) => void;
}

function Length({ label, help, value, choices, words, onChange }: LengthProps) {
  const id = useId();
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <Text component="label" htmlFor={id} size="sm" fw={500}>
          {label}
        </Text>
        <Text size="xs" c="dimmed">
          {help}
        </Text>
      </div>
      <Select
        id={id}
        w={150}
        allowDeselect={false}
        data={choices.map((choice) => ({ value: String(choice), label: words(choice) }))}
        value={String(value)}
        onChange={(chosen) => chosen && Number(chosen) !== value && onChange(Number(chosen))}
      />
    </div>
  );
}
