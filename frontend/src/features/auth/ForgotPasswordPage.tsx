import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { faultsByField } from "@/api/errors";
import { askForPasswordReset } from "@/api/signin";
import { AnchorLink } from "@/shared/links";
import { whyNot } from "@/shared/signin/signedIn";
import { useSubmission } from "@/shared/submission";
import { AuthPage } from "./AuthPage";
import classes from "./AuthPage.module.css";

/** Asks for a link to choose another password. What is answered does not tell whether the address is known. */
export function ForgotPasswordPage() {
  const { t } = useTranslation("auth");
  const [sentTo, setSentTo] = useState<string | null>(null);
  const back = <AnchorLink to="/login">{t("back")}</AnchorLink>;
  if (sentTo !== null) {
    return (
      <AuthPage title={t("ask.doneTitle")} below={back}>
        <div className={classes.done} role="status">
          <p>{t("ask.done", { email: sentTo })}</p>
          <p>{t("ask.again")}</p>
          <Button variant="default" onClick={() => setSentTo(null)}>
            {t("ask.another")}
          </Button>
        </div>
      </AuthPage>
    );
  }
  return (
    <AuthPage title={t("ask.title")} about={t("ask.subtitle")} below={back}>
      <AskForm onSent={setSentTo} />
    </AuthPage>
  );
}

function AskForm({ onSent }: { onSent: (email: string) => void }) {
  const { t } = useTranslation("auth");
  const form = useForm({
    initialValues: { email: "" },
    validate: { email: (value) => (value.trim() ? null : t("emailMissing")) },
  });
  const asking = useSubmission({
    mutationFn: askForPasswordReset,
    onSuccess: (_, email) => onSent(email),
    onError: (error) => form.setErrors(faultsByField(error)),
  });
  const unplaced = asking.error && Object.keys(faultsByField(asking.error)).length === 0;
  return (
    <form noValidate onSubmit={form.onSubmit(({ email }) => asking.submit(email.trim()))}>
      <Stack gap="md">
        {unplaced && (
          <Alert color="red" variant="light" role="alert">
            {whyNot(asking.error, t)}
          </Alert>
        )}
        <TextInput label={t("email")} type="email" autoComplete="username" {...form.getInputProps("email")} />
        <Button type="submit" fullWidth loading={asking.isPending}>
          {t("ask.submit")}
        </Button>
      </Stack>
    </form>
  );
}
