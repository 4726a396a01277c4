import { Alert, Button, Checkbox, CopyButton, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { faultsByField } from "@/api/errors";
import { createToken } from "@/api/session";
import type { TokenInput } from "@/api/types";
import { Refusal } from "@/shared/EditSection";
import { useMe } from "@/shared/session";
import { useSubmission } from "@/shared/submission";
import classes from "./Account.module.css";

const SCOPES = [
  "contacts:read",
  "contacts:write",
  "salesflows:read",
  "salesflows:write",
  "emails:read",
  "emails:write",
  "me:read",
  "me:write",
] as const;
const LIVES = ["7", "30", "90", "365"] as const;

/** A new token: what it may do and for how long; then the token itself, this once. */
export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("account");
  return (
    <Modal opened onClose={onClose} title={t("tokens.new")} size={480} closeOnClickOutside={false}>
      <NewTokenForm onClose={onClose} />
    </Modal>
  );
}

function NewTokenForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const me = useMe();
  const queryClient = useQueryClient();
  const scopes: string[] = me?.role === "administrator" ? [...SCOPES, "admin"] : [...SCOPES];
  const form = useForm({
    initialValues: { name: "", scopes: ["contacts:read"] as string[], days: "30" },
    validate: {
      name: (value) => (value.trim() ? null : common("form.required")),
      scopes: (value) => (value.length ? null : t("tokens.scopeMissing")),
    },
  });
  const creating = useSubmission({
    mutationFn: ({ name, scopes: chosen, days }: typeof form.values) =>
      createToken({ name: name.trim(), scopes: chosen as TokenInput["scopes"], expires_in_days: Number(days) }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["tokens"] }),
    onError: (error) => form.setErrors(faultsByField(error)),
  });
  if (creating.data) return <Secret token={creating.data.token} onClose={onClose} />;
  const unplaced = creating.error && Object.keys(faultsByField(creating.error)).length === 0;
  return (
    <form noValidate onSubmit={form.onSubmit((values) => creating.submit(values))}>
      <Stack gap="md">
        {unplaced && <Refusal error={creating.error} />}
        <TextInput
          label={t("tokens.name")}
          placeholder={t("tokens.example")}
          withAsterisk
          data-autofocus
          {...form.getInputProps("name")}
        />
        <Checkbox.Group label={t("tokens.scopes")} {...form.getInputProps("scopes")}>
          <div className={classes.check}>
            {scopes.map((scope) => (
              <Checkbox key={scope} value={scope} label={scope} />
            ))}
          </div>
        </Checkbox.Group>
        <Select
          label={t("tokens.expiry")}
          allowDeselect={false}
          data={LIVES.map((days) => ({ value: days, label: t("tokens.days", { count: Number(days) }) }))}
          {...form.getInputProps("days")}
        />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={creating.isPending}>
            {t("tokens.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Secret({ token, onClose }: { token: string; onClose: () => void }) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  return (
    <Stack gap="md">
      <Alert color="yellow" variant="light">
        <Text size="sm">{t("tokens.once")}</Text>
      </Alert>
      <code className={classes.secret}>{token}</code>
      <Group justify="flex-end" gap={8}>
        <CopyButton value={token}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              onClick={copy}
            >
              {copied ? common("action.copied") : common("action.copy")}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose}>{t("tokens.done")}</Button>
      </Group>
    </Stack>
  );
}
