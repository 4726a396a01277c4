import { Alert, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { connectionsQuery } from "@/api/session";
import { ConnectionRefused } from "@/shared/connections/ConnectionRefused";
import { ProviderRow } from "@/shared/connections/ProviderRow";
import { ErrorState } from "@/shared/states";
import { Footer } from "../Footer";
import type { StepProps } from "../OnboardingPage";
import { EmailAlerts } from "./EmailAlerts";
import classes from "./EmailStep.module.css";

/** The own mailbox, through the provider's consent page and back, and what one is told by email. */
export function EmailStep({ wizard, search }: StepProps) {
  const { t } = useTranslation("account");
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(connectionsQuery());
  const mailboxes = data?.items.filter(({ kind }) => kind === "email") ?? [];
  const isConnected = mailboxes.some(({ state }) => state === "connected");
  const forget = () => void navigate({ to: "/onboarding", search: { step: "email_integration" }, replace: true });
  return (
    <>
      {search.connected && (
        <Alert color="teal" variant="light" icon={<IconCheck size={18} />} mb={16} role="status">
          {t("connect.connectedNow")}
        </Alert>
      )}
      {search.error && <ConnectionRefused code={search.error} onClose={forget} />}
      <div className={classes.providers}>
        {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
        {!data && !error && <Skeleton h={40} my={14} />}
        {mailboxes.map((connection) => (
          <ProviderRow key={connection.provider} connection={connection} from="onboarding" />
        ))}
      </div>
      <EmailAlerts />
      <Footer wizard={wizard} skippable={!isConnected} onContinue={isConnected ? () => wizard.leave("done") : null} />
    </>
  );
}
