import { IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/shared/states";
import { Footer } from "../Footer";
import type { StepProps } from "../OnboardingPage";

/** Mailboxes have a step of their own; beside them there is nothing that this version connects to. */
export function IntegrationsStep({ wizard }: StepProps) {
  const { t } = useTranslation("onboarding");
  return (
    <>
      <EmptyState icon={IconPlugConnectedX} title={t("integrations.none")} why={t("integrations.noneWhy")} />
      <Footer wizard={wizard} skippable={false} onContinue={() => wizard.leave("done")} />
    </>
  );
}
