import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { isProblem, methodsOf } from "@/api/errors";
import { signIn } from "@/api/signin";
import type { Me } from "@/api/types";
import { AnchorLink } from "../links";
import { useSubmission } from "../submission";
import { PasskeyButton } from "./PasskeyButton";
import classes from "./SignInForm.module.css";
import type { Claim } from "./SignInForm";
import { whyNot } from "./signedIn";
import { SingleSignOnButton } from "./SingleSignOn";

interface Props {
  email: string;
  onClaim: (claim: Claim) => void;
  onDone: (me: Me) => void;
}

export function PasswordStep({ email, onClaim, onDone }: Props) {
  const { t } = useTranslation("auth");
  const form = useForm({
    initialValues: { email, password: "" },
    validate: {
      email: (value) => (value.trim() ? null : t("emailMissing")),
      password: (value) => (value ? null : t("passwordMissing")),
    },
  });
  const entering = useSubmission({
    mutationFn: signIn,
    onSuccess: onDone,
    onError: (error, { email: given, password }) => {
      if (isProblem(error, "second_factor_required"))
        return onClaim({ email: given, password, methods: methodsOf(error) });
      form.setFieldValue("password", "");
    },
  });
  const refused = entering.error && !isProblem(entering.error, "second_factor_required");
  return (
    <Stack gap="md">
      <form noValidate onSubmit={form.onSubmit((given) => entering.submit({ ...given, email: given.email.trim() }))}>
        <Stack gap="md">
          {refused && (
            <Alert color="red" variant="light" role="alert">
              {whyNot(entering.error, t)}
            </Alert>
          )}
          <TextInput
            label={t("email")}
            type="email"
            autoComplete="username"
            data-autofocus={!email || undefined}
            {...form.getInputProps("email")}
          />
          <div className={classes.password}>
            <PasswordInput
              label={t("password")}
              autoComplete="current-password"
              data-autofocus={Boolean(email) || undefined}
              visibilityToggleButtonProps={{ "aria-label": t("showPassword"), tabIndex: 0 }}
              {...form.getInputProps("password")}
            />
            <AnchorLink to="/forgot-password" size="sm" className={classes.forgot ?? ""}>
              {t("forgot")}
            </AnchorLink>
          </div>
          <Button type="submit" fullWidth loading={entering.isPending}>
            {t("signIn")}
          </Button>
        </Stack>
      </form>
      <div className={classes.others}>
        <PasskeyButton onDone={onDone} />
        <SingleSignOnButton />
      </div>
    </Stack>
  );
}
