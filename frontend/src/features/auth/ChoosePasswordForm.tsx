import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { faultsByField } from "@/api/errors";
import { NewPasswordField } from "@/shared/password/NewPasswordField";
import { whyNot } from "@/shared/signin/signedIn";
import { useSubmission } from "@/shared/submission";

interface Props<T> {
  /** Whose password it is, for password managers; shown where it is known. */
  email?: string;
  ownWords?: string[];
  label: string;
  submit: string;
  choose: (password: string) => Promise<T>;
  onDone: (answer: T) => void;
  /** Refusals that concern the link; gives whether it took care. */
  onRefused: (error: unknown) => boolean;
}

export function ChoosePasswordForm<T>({ email, ownWords, label, submit, choose, onDone, onRefused }: Props<T>) {
  const { t } = useTranslation("auth");
  const form = useForm({
    initialValues: { password: "" },
    validate: { password: (value) => (value ? null : t("newPassword.missing")) },
  });
  const choosing = useSubmission({
    mutationFn: choose,
    onSuccess: onDone,
    onError: (error) => {
      if (!onRefused(error)) form.setErrors(faultsByField(error));
    },
  });
  const unplaced = choosing.error && Object.keys(faultsByField(choosing.error)).length === 0;
  return (
    <form noValidate onSubmit={form.onSubmit(({ password }) => choosing.submit(password))}>
      <Stack gap="md">
        {unplaced && (
          <Alert color="red" variant="light" role="alert">
            {whyNot(choosing.error, t)}
          </Alert>
        )}
        {email && <TextInput label={t("email")} type="email" autoComplete="username" value={email} readOnly />}
        <NewPasswordField label={label} focus props={form.getInputProps("password")} ownWords={ownWords ?? []} />
        <Button type="submit" fullWidth loading={choosing.isPending}>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}
