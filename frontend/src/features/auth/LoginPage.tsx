import { Alert } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { reasonInWords } from "@/shared/reasons";
import { SignInForm } from "@/shared/signin/SignInForm";
import { AuthPage } from "./AuthPage";

const KNOWN_REFUSALS = [
  "state_invalid",
  "not_configured",
  "access_denied",
  "provider_refused",
  "provider_unavailable",
  "email_unverified",
  "unknown_user",
  "identity_conflict",
] as const;

interface Props {
  /** A path of this app; anything else has been refused by the route. */
  back: string | undefined;
  /** Why single sign-on ended here. */
  refusal: string | undefined;
}

export function LoginPage({ back, refusal }: Props) {
  const { t } = useTranslation("auth");
  const router = useRouter();
  const known = KNOWN_REFUSALS.find((each) => each === refusal);
  return (
    <AuthPage title={t("title")} about={back ? t("goOn") : t("subtitle")}>
      {refusal && (
        <Alert color="red" variant="light" role="alert" mb="md" title={t("sso.refusedTitle")}>
          {known ? t(`sso.refused.${known}`) : t("sso.refused.other", { reason: reasonInWords(refusal) })}
        </Alert>
      )}
      <SignInForm onDone={() => router.history.push(back ?? "/app/")} />
    </AuthPage>
  );
}
