import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { phoneQuery } from "@/api/dialer";
import type { DialerPhone } from "@/api/types";
import { PhoneFields } from "@/shared/dialer/PhoneFields";
import { PhoneState } from "@/shared/dialer/PhoneState";
import { usePhoneForm } from "@/shared/dialer/usePhoneForm";
import { VoicemailsSection } from "@/shared/dialer/VoicemailsSection";
import { guessedCulture } from "@/shared/places";
import { useMe } from "@/shared/session";
import { ErrorState } from "@/shared/states";
import { Footer } from "../Footer";
import type { StepProps } from "../OnboardingPage";
import classes from "./DialerStep.module.css";

export function DialerStep({ wizard }: StepProps) {
  const { data, error, refetch } = useQuery(phoneQuery());
  if (data) return <ChosenPhone phone={data} wizard={wizard} />;
  return (
    <>
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : <Skeleton h={160} />}
      <Footer wizard={wizard} onContinue={null} />
    </>
  );
}

/** The phone to call from, which is asked for here; and voicemails, for whoever has some at hand. */
function ChosenPhone({ phone, wizard }: { phone: DialerPhone; wizard: StepProps["wizard"] }) {
  const { t } = useTranslation("account");
  const me = useMe();
  const form = useId();
  const editing = usePhoneForm({
    phone,
    culture: guessedCulture(),
    proposed: me?.phone,
    onSaved: () => wizard.leave("done"),
  });
  return (
    <>
      <form id={form} noValidate onSubmit={editing.submit}>
        <PhoneFields editing={editing} />
      </form>
      {phone.phone ? (
        <PhoneState phone={phone} />
      ) : (
        <Text size="sm" c="dimmed" mt={8}>
          {t("dialer.unverifiedWhy")}
        </Text>
      )}
      <div className={classes.voicemails}>
        <VoicemailsSection compact />
      </div>
      <Footer wizard={wizard} pending={editing.isPending} form={form} />
    </>
  );
}
