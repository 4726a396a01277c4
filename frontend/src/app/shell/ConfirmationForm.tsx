import { Alert, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconBuilding, IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { confirmationPasskeyOptions, confirmByCode, confirmByPasskey, confirmByPassword } from "@/api/confirmation";
import { faultsByField, isProblem } from "@/api/errors";
import { singleSignOnPath } from "@/api/signin";
import { useMe } from "@/shared/session";
import { whyNot } from "@/shared/signin/signedIn";
import { passkeyFrom, passkeysUsable, turnedAway } from "@/shared/signin/webauthn";
import { useSubmission } from "@/shared/submission";

interface Props {
  /** By what the person can show it. */
  methods: string[];
  onDone: (confirmed: boolean) => void;
}

type Typed = "password" | "code";

/** By the password or a code, a passkey, or by signing in anew through the organization's provider. */
export function ConfirmationForm({ methods, onDone }: Props) {
  const { t } = useTranslation("auth");
  const { t: common } = useTranslation();
  const [device] = useState(passkeysUsable);
  const typed: Typed[] = [];
  if (methods.includes("password")) typed.push("password");
  if (methods.includes("totp") || methods.includes("recovery_code")) typed.push("code");
  const [by, setBy] = useState<Typed | undefined>(typed[0]);
  const other = typed.find((way) => way !== by);
  const byPasskey = device && methods.includes("passkey");
  const bySignOn = methods.includes("single_sign_on");
  return (
    <Stack gap="md">
      <Text size="sm">{t("confirm.why")}</Text>
      {by && <TypedProof key={by} by={by} onDone={() => onDone(true)} />}
      {!by && !byPasskey && !bySignOn && (
        <Alert color="yellow" variant="light">
          {t("confirm.none")}
        </Alert>
      )}
      <Stack gap={8}>
        {other && (
          <Button variant="default" fullWidth onClick={() => setBy(other)}>
            {t(`confirm.by.${other}`)}
          </Button>
        )}
        {byPasskey && <PasskeyProof variant={by ? "default" : "filled"} onDone={() => onDone(true)} />}
        {bySignOn && <SignOnProof variant={by || byPasskey ? "default" : "filled"} />}
        <Button variant="subtle" color="gray" fullWidth onClick={() => onDone(false)}>
          {common("action.cancel")}
        </Button>
      </Stack>
    </Stack>
  );
}

function TypedProof({ by, onDone }: { by: Typed; onDone: () => void }) {
  const { t } = useTranslation("auth");
  const me = useMe();
  const form = useForm({
    initialValues: { password: "", code: "" },
    validate: {
      password: (value) => (by === "code" || value ? null : t("passwordMissing")),
      code: (value) => (by === "password" || value.trim() ? null : t("code.missing")),
    },
  });
  const confirming = useSubmission({
    mutationFn: ({ password, code }: typeof form.values) =>
      by === "password" ? confirmByPassword(password) : confirmByCode(code.trim()),
    onSuccess: onDone,
    onError: (error) => {
      form.reset();
      form.setErrors(faultsByField(error));
    },
  });
  const unplaced = confirming.error && Object.keys(faultsByField(confirming.error)).length === 0;
  return (
    <form noValidate onSubmit={form.onSubmit((values) => confirming.submit(values))} aria-label={t("confirm.title")}>
      <Stack gap="md">
        {unplaced && (
          <Alert color="red" variant="light" role="alert">
            {whyNot(confirming.error, t)}
          </Alert>
        )}
        {/* For password managers: whose it is. */}
        <input type="text" autoComplete="username" value={me?.email ?? ""} readOnly hidden />
        {by === "password" ? (
          <PasswordInput
            label={t("password")}
            autoComplete="current-password"
            // The person was just asked for it.
            // eslint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            data-autofocus
            visibilityToggleButtonProps={{ "aria-label": t("showPassword"), tabIndex: 0 }}
            {...form.getInputProps("password")}
          />
        ) : (
          <TextInput
            label={t("code.label")}
            description={t("confirm.code")}
            inputWrapperOrder={["label", "input", "error", "description"]}
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            // As above.
            // eslint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            data-autofocus
            {...form.getInputProps("code")}
          />
        )}
        <Button type="submit" fullWidth loading={confirming.isPending}>
          {t("confirm.submit")}
        </Button>
      </Stack>
    </form>
  );
}

/** The first of the ways stands out. */
type Variant = "default" | "filled";

function PasskeyProof({ variant, onDone }: { variant: Variant; onDone: () => void }) {
  const { t } = useTranslation("auth");
  const confirming = useSubmission({
    mutationFn: async () => {
      const { challenge_id, options } = await confirmationPasskeyOptions();
      return confirmByPasskey(challenge_id, await passkeyFrom(options));
    },
    onSuccess: onDone,
  });
  const { error } = confirming;
  return (
    <>
      {error && (
        <Alert color={turnedAway(error) ? "gray" : "red"} variant="light" role="alert">
          {error instanceof DOMException || (isProblem(error) && error.status === 422)
            ? t("confirm.passkeyFailed")
            : whyNot(error, t)}
        </Alert>
      )}
      <Button
        variant={variant}
        fullWidth
        leftSection={<IconKey size={16} stroke={1.6} />}
        loading={confirming.isPending}
        onClick={() => confirming.submit()}
      >
        {t("confirm.by.passkey")}
      </Button>
    </>
  );
}

/** Leaves the page: the session that comes back from there is a new one. */
function SignOnProof({ variant }: { variant: Variant }) {
  const { t } = useTranslation("auth");
  const me = useMe();
  if (!me) return null;
  return (
    <>
      <Button
        component="a"
        href={singleSignOnPath(me.organization.id)}
        variant={variant}
        fullWidth
        leftSection={<IconBuilding size={16} stroke={1.6} />}
      >
        {t("confirm.by.signOn")}
      </Button>
      <Text size="xs" c="dimmed">
        {t("confirm.signOnWhy")}
      </Text>
    </>
  );
}
