import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { isProblem } from "@/api/errors";
import { meQuery, signIn } from "@/api/session";
import { explain } from "./explain";
import { useSubmission } from "./submission";

/** Email and password; the account that comes back is known to the whole app at once. */
export function SignInForm({ email = "", onDone }: { email?: string; onDone: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { email, password: "" },
    validate: {
      email: (value) => (value.trim() ? null : t("auth.emailMissing")),
      password: (value) => (value ? null : t("auth.passwordMissing")),
    },
  });
  const entering = useSubmission({
    mutationFn: signIn,
    onSuccess: (me) => {
      queryClient.setQueryData(meQuery().queryKey, me);
      onDone();
    },
    onError: () => form.setFieldValue("password", ""),
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => entering.submit({ ...values, email: values.email.trim() }))}>
      <Stack gap="md">
        {entering.error && (
          <Alert color="red" variant="light" role="alert">
            {why(entering.error, t)}
          </Alert>
        )}
        <TextInput
          label={t("auth.email")}
          type="email"
          autoComplete="username"
          data-autofocus={!email || undefined}
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label={t("auth.password")}
          autoComplete="current-password"
          data-autofocus={Boolean(email) || undefined}
          visibilityToggleButtonProps={{ "aria-label": t("auth.showPassword"), tabIndex: 0 }}
          {...form.getInputProps("password")}
        />
        <Button type="submit" fullWidth loading={entering.isPending}>
          {t("auth.signIn")}
        </Button>
      </Stack>
    </form>
  );
}

function why(error: unknown, t: ReturnType<typeof useTranslation>["t"]): string {
  if (isProblem(error, "invalid_credentials")) return t("auth.wrong");
  if (isProblem(error) && error.status === 429) return t("auth.tooMany", { count: error.retryAfter ?? 60 });
  const { title, detail } = explain(error);
  return `${title} ${detail}`;
}
