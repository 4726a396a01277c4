import { Button, Group, PasswordInput, Stack, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { setSso, ssoQuery } from "@/api/admin";
import { faultsByField } from "@/api/errors";
import type { Sso } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { useSubmission } from "@/shared/submission";
import classes from "./Organization.module.css";

/** The provider as it is told to Engage. The secret goes in and never comes out. */
export function SsoForm({ sso, onDone }: { sso: Sso; onDone: () => void }) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: {
      issuer: sso.issuer ?? "",
      client_id: sso.client_id ?? "",
      client_secret: "",
      enabled: sso.issuer ? sso.enabled : true,
      trust_email: sso.trust_email,
    },
    validate: {
      issuer: (value) => (value.trim() ? null : common("form.required")),
      client_id: (value) => (value.trim() ? null : common("form.required")),
      client_secret: (value, { issuer, client_id }) =>
        value || (issuer.trim() === sso.issuer && client_id.trim() === sso.client_id) ? null : t("sso.secretMissing"),
    },
  });
  const saving = useSubmission({
    mutationFn: ({ issuer, client_id, client_secret, ...switches }: typeof form.values) =>
      setSso({
        issuer: issuer.trim(),
        client_id: client_id.trim(),
        ...switches,
        ...(client_secret ? { client_secret } : {}),
      }),
    onSuccess: (saved) => {
      queryClient.setQueryData(ssoQuery().queryKey, saved);
      said(t("sso.saved"));
      onDone();
    },
    onError: (error) => form.setErrors(faultsByField(error)),
  });
  const unplaced = saving.error && Object.keys(faultsByField(saving.error)).length === 0;
  return (
    // Escape restores from wherever in the form the focus is.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      noValidate
      className={classes.form}
      onSubmit={form.onSubmit((values) => saving.submit(values))}
      onKeyDown={(event) => event.key === "Escape" && onDone()}
    >
      <Stack gap="md">
        {unplaced && <Refusal error={saving.error} />}
        <TextInput
          label={t("sso.issuer")}
          description={t("sso.issuerHelp")}
          type="url"
          withAsterisk
          autoComplete="off"
          // The person just chose to set this up.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          {...form.getInputProps("issuer")}
        />
        <TextInput label={t("sso.clientId")} withAsterisk autoComplete="off" {...form.getInputProps("client_id")} />
        <PasswordInput
          label={t("sso.secret")}
          description={t(sso.issuer ? "sso.secretKept" : "sso.secretHelp")}
          withAsterisk={!sso.issuer}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-hidden": true }}
          {...form.getInputProps("client_secret")}
        />
        <Switch
          size="sm"
          label={t("sso.trustEmail")}
          description={t("sso.trustEmailHelp")}
          {...form.getInputProps("trust_email", { type: "checkbox" })}
        />
        <Switch size="sm" label={t("sso.enabled")} {...form.getInputProps("enabled", { type: "checkbox" })} />
        <Group gap={8}>
          <Button type="submit" loading={saving.isPending}>
            {common("action.save")}
          </Button>
          <Button variant="default" onClick={onDone}>
            {common("action.cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
