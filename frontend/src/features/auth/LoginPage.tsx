import { Alert } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { singleSignOnQuery } from "@/api/signin";
import { reasonInWords } from "@/shared/reasons";
import { isOrganization } from "@/shared/signin/organization";
import { SignInForm } from "@/shared/signin/SignInForm";
import { AuthPage } from "./AuthPage";
import { ToProvider } from "./ToProvider";

const KNOWN_REFUSALS = [
  "state_invalid",
  "not_configured",
  "access_denied",
  "provider_refused",
  "provider_unavailable",
  "email_unverified",
  "unknown_user",
  "identity_conflict",
  "too_many_requests",
] as const;

interface Props {
  /** A path of this app; anything else has been refused by the route. */
  back: string | undefined;
  /** Why single sign-on ended here. */
  refusal: string | undefined;
  /** The organization by whose link somebody came, as it stands in the link. */
  organization: string | undefined;
}

export function LoginPage({ back, refusal, organization }: Props) {
  const leads = organization !== undefined && isOrganization(organization);
  const { data, isPending } = useQuery({ ...singleSignOnQuery(organization ?? ""), enabled: leads });
  // Where nobody can say whether there is single sign-on, the way itself does.
  if (leads && data?.available !== false) return <ToProvider organization={organization} ready={!isPending} />;
  return <Door back={back} refusal={refusal ?? (organization === undefined ? undefined : "not_configured")} />;
}

function Door({ back, refusal }: Omit<Props, "organization">) {
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
