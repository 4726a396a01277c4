import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { settingsQuery, updateSettings } from "@/api/admin";
import { meQuery } from "@/api/session";
import type { OrganizationSettings, OrganizationSettingsInput } from "@/api/types";
import { EditSection } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { ErrorState } from "@/shared/states";
import { CopyRow } from "./CopyRow";
import classes from "./Organization.module.css";
import { SignInPolicy } from "./SignInPolicy";
import { SingleSignOn } from "./SingleSignOn";

/** The organization's own settings: who it is, how its people sign in. */
export function OrganizationPage() {
  const { data, error, refetch } = useQuery(settingsQuery());
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />;
  return (
    <div className={classes.content}>
      {data ? (
        <>
          <About settings={data} />
          <SignInPolicy settings={data} />
        </>
      ) : (
        <Shape />
      )}
      <SingleSignOn />
    </div>
  );
}

function About({ settings }: { settings: OrganizationSettings }) {
  const { t } = useTranslation("admin");
  const queryClient = useQueryClient();
  const save = async (changes: Record<string, string | null>) => {
    const input = { ...changes };
    if (input.postal_address === null) input.postal_address = "";
    queryClient.setQueryData(settingsQuery().queryKey, await updateSettings(input as OrganizationSettingsInput));
    void queryClient.invalidateQueries({ queryKey: meQuery().queryKey });
    said(t("organization.saved"));
  };
  return (
    <div className={classes.card}>
      <EditSection
        title={t("organization.about")}
        layout="wide"
        values={{ name: settings.name, postal_address: settings.postal_address }}
        fields={[
          { name: "name", label: t("organization.name"), required: true },
          {
            name: "postal_address",
            label: t("organization.address"),
            kind: "lines",
            help: t("organization.addressHelp"),
          },
        ]}
        onSave={save}
      />
      <CopyRow label={t("organization.signInUrl")} help={t("organization.signInUrlWhy")} value={settings.sign_in_url} />
    </div>
  );
}

function Shape() {
  return (
    <>
      <Skeleton h={170} mb={24} />
      <Skeleton h={20} w={140} mb={12} />
      <Skeleton h={190} mb={24} />
    </>
  );
}
