import { Button, Group as Row, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { faultsByField } from "@/api/errors";
import { changePassword, sessionsQuery } from "@/api/security";
import { Refusal } from "@/shared/EditSection";
import { said } from "@/shared/feedback";
import { isEscapeFor } from "@/shared/keys";
import { NewPasswordField } from "@/shared/password/NewPasswordField";
import { useMe } from "@/shared/session";
import { useSubmission } from "@/shared/submission";
import classes from "../Account.module.css";
import { Group } from "../Group";

export function PasswordSection() {
  const { t } = useTranslation("account");
  const [changing, setChanging] = useState(false);
  return (
    <Group id="password" title={t("password.title")} why={t("password.why")}>
      <div className={classes.row}>
        {changing ? (
          <ChangeForm onDone={() => setChanging(false)} />
        ) : (
          <Button variant="default" onClick={() => setChanging(true)}>
            {t("password.change")}
          </Button>
        )}
      </div>
    </Group>
  );
}

function ChangeForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("account");
  const { t: auth } = useTranslation("auth");
  const { t: common } = useTranslation();
  const me = useMe();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { current: "", password: "" },
    validate: {
      current: (value) => (value ? null : t("password.currentMissing")),
      password: (value) => (value ? null : auth("newPassword.missing")),
    },
  });
  const changing = useSubmission({
    mutationFn: changePassword,
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: sessionsQuery().queryKey });
      said(t("password.changed"));
      onDone();
    },
    onError: (error) => form.setErrors(faultsByField(error)),
  });
  const unplaced = changing.error && Object.keys(faultsByField(changing.error)).length === 0;
  const ownWords = me ? [me.name, me.email, me.organization.name] : [];
  return (
    // Escape restores from wherever in the form the focus is.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      noValidate
      onSubmit={form.onSubmit((values) => changing.submit(values))}
      onKeyDown={(event) => isEscapeFor(event) && onDone()}
    >
      <Stack gap="md" maw={400}>
        {unplaced && <Refusal error={changing.error} />}
        {/* For password managers: whose password it is. */}
        <input type="text" autoComplete="username" value={me?.email ?? ""} readOnly hidden />
        <PasswordInput
          label={t("password.current")}
          autoComplete="current-password"
          // The person just chose to change it.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          visibilityToggleButtonProps={{ "aria-label": auth("showPassword"), tabIndex: 0 }}
          {...form.getInputProps("current")}
        />
        <NewPasswordField label={t("password.new")} props={form.getInputProps("password")} ownWords={ownWords} />
        <Row gap={8}>
          <Button type="submit" loading={changing.isPending}>
            {t("password.save")}
          </Button>
          <Button variant="default" onClick={onDone}>
            {common("action.cancel")}
          </Button>
        </Row>
      </Stack>
    </form>
  );
}
