import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { meQuery, updateMe } from "@/api/session";
import type { MeInput } from "@/api/types";
import { type EditField, EditSection } from "@/shared/EditSection";
import fixed from "@/shared/EditSection.module.css";
import { said } from "@/shared/feedback";
import { cultureChoices, timeZoneChoices } from "@/shared/places";
import { useMe } from "@/shared/session";
import classes from "./Account.module.css";

export function ProfilePage() {
  const { t, i18n } = useTranslation("account");
  const me = useMe();
  const queryClient = useQueryClient();
  const culture = me?.culture;
  const sections = useMemo((): { title: string; fields: EditField[] }[] => {
    return [
      {
        title: t("profile.person"),
        fields: [
          { name: "name", label: t("profile.name"), required: true, autoComplete: "name" },
          { name: "phone", label: t("profile.phone"), kind: "phone", autoComplete: "tel" },
          { name: "job_title", label: t("profile.jobTitle"), autoComplete: "organization-title" },
          { name: "company", label: t("profile.company"), autoComplete: "organization" },
        ],
      },
      {
        title: t("profile.place"),
        fields: [
          {
            name: "time_zone",
            label: t("profile.timeZone"),
            kind: "choice",
            choices: timeZoneChoices(),
            required: true,
          },
          {
            name: "culture",
            label: t("profile.culture"),
            kind: "choice",
            choices: cultureChoices(i18n.language, culture),
            required: true,
          },
        ],
      },
    ];
  }, [t, i18n.language, culture]);
  if (!me) return null;
  const save = async (changes: Record<string, string | null>) => {
    queryClient.setQueryData(meQuery().queryKey, await updateMe(changes as MeInput));
    said(t("profile.saved"));
  };
  return (
    <div className={classes.card}>
      <Fixed label={t("profile.account")} />
      {sections.map(({ title, fields }) => (
        <EditSection
          key={title}
          title={title}
          fields={fields}
          values={me as unknown as Record<string, string | null>}
          onSave={save}
          layout="wide"
        />
      ))}
    </div>
  );
}

/** What only an administrator can change. */
function Fixed({ label }: { label: string }) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const me = useMe();
  if (!me) return null;
  const facts = [
    [t("profile.email"), me.email],
    [t("profile.role"), common(`role.${me.role}`)],
    [t("profile.organization"), me.organization.name],
  ];
  return (
    <section className={fixed.section} data-layout="wide" aria-label={label}>
      <dl className={fixed.facts}>
        {facts.map(([name, value]) => (
          <div key={name} className={fixed.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
