import { Alert, Button, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { isProblem } from "@/api/errors";
import { signIn } from "@/api/signin";
import type { Me } from "@/api/types";
import { useSubmission } from "../submission";
import { PasskeyButton } from "./PasskeyButton";
import type { Claim } from "./SignInForm";
import { whyNot } from "./signedIn";

interface Props {
  claim: Claim;
  onDone: (me: Me) => void;
  onBack: () => void;
}

/** The password was right; the code of the app, or a recovery code, completes it. */
export function CodeStep({ claim, onDone, onBack }: Props) {
  const { t } = useTranslation("auth");
  const { email, password, methods } = claim;
  const form = useForm({
    initialValues: { code: "" },
    validate: { code: (value) => (value.trim() ? null : t("code.missing")) },
  });
  const entering = useSubmission({
    mutationFn: signIn,
    onSuccess: onDone,
    onError: (error) => {
      form.setFieldValue("code", "");
      if (isProblem(error, "invalid_code")) form.setFieldError("code", t("code.wrong"));
    },
  });
  const refused = entering.error && !isProblem(entering.error, "invalid_code");
  const byApp = methods.includes("totp") || !methods.includes("passkey");
  return (
    <Stack gap="md">
      <form
        noValidate
        onSubmit={form.onSubmit(({ code }) => entering.submit({ email, password, code: code.trim() }))}
        aria-label={t("code.title")}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t(byApp ? "code.why" : "code.passkey")}
          </Text>
          {refused && (
            <Alert color="red" variant="light" role="alert">
              {whyNot(entering.error, t)}
            </Alert>
          )}
          <TextInput
            label={t("code.label")}
            description={byApp ? t("code.recovery") : null}
            inputWrapperOrder={["label", "input", "error", "description"]}
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            // The person was just asked for it.
            // eslint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            {...form.getInputProps("code")}
          />
          <Button type="submit" fullWidth loading={entering.isPending}>
            {t("code.submit")}
          </Button>
        </Stack>
      </form>
      {methods.includes("passkey") && <PasskeyButton onDone={onDone} />}
      <Button variant="subtle" color="gray" onClick={onBack}>
        {t("code.other")}
      </Button>
    </Stack>
  );
}
