import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "@/api/errors";
import { acceptInvitation, invitationQuery } from "@/api/signin";
import type { InvitationShown } from "@/api/types";
import { cultureName, guessedCulture, guessedTimeZone, timeZoneName } from "@/shared/places";
import { useSignedIn } from "@/shared/signin/signedIn";
import { ErrorState } from "@/shared/states";
import { AuthPage } from "./AuthPage";
import { ChoosePasswordForm } from "./ChoosePasswordForm";
import { GonePage } from "./GonePage";

/** Where an invitation, or the welcome of an organization's first Administrator, leads: a password, then the wizard. */
export function JoinPage({ token }: { token: string }) {
  const { t } = useTranslation("auth");
  const { t: common } = useTranslation();
  const [refused, setRefused] = useState<"gone" | "conflict" | null>(null);
  const { data, error, refetch } = useQuery(invitationQuery(token));
  const unknown = isProblem(error) && [404, 422].includes(error.status);
  if (refused || unknown) {
    const which = refused ?? "gone";
    return <GonePage title={t(`join.${which}Title`)} why={t(`join.${which}`)} />;
  }
  if (error) {
    return (
      <AuthPage title={common("product")}>
        <ErrorState error={error} retry={() => void refetch()} />
      </AuthPage>
    );
  }
  if (!data) {
    return (
      <AuthPage title={common("product")}>
        <Skeleton h={32} mb={16} />
        <Skeleton h={32} mb={16} />
        <Skeleton h={32} />
      </AuthPage>
    );
  }
  return <Greeting token={token} invitation={data} onRefused={setRefused} />;
}

interface GreetingProps {
  token: string;
  invitation: InvitationShown;
  onRefused: (why: "gone" | "conflict") => void;
}

function Greeting({ token, invitation, onRefused }: GreetingProps) {
  const { t, i18n } = useTranslation("auth");
  const router = useRouter();
  const signedIn = useSignedIn(() => router.history.push("/app/onboarding"));
  const { name, organization, email, kind } = invitation;
  const [place] = useState(() => ({ culture: guessedCulture(), time_zone: guessedTimeZone() }));
  const refused = (error: unknown) => {
    if (!isProblem(error) || ![404, 409].includes(error.status)) return false;
    onRefused(error.status === 404 ? "gone" : "conflict");
    return true;
  };
  return (
    <AuthPage
      title={t("join.title", { name })}
      about={t(kind === "welcome" ? "join.welcome" : "join.invitation", { organization })}
      below={
        <Text size="sm" c="dimmed" ta="center">
          {t("join.place", {
            culture: cultureName(place.culture, i18n.language),
            zone: timeZoneName(place.time_zone),
          })}
        </Text>
      }
    >
      <ChoosePasswordForm
        email={email}
        ownWords={[name, email, organization]}
        label={t("newPassword.label")}
        submit={t("join.submit")}
        choose={(password) => acceptInvitation(token, password, place)}
        onDone={signedIn}
        onRefused={refused}
      />
    </AuthPage>
  );
}
