import { Alert, Skeleton, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { connectionsQuery } from "@/api/session";
import { ConnectionRefused } from "@/shared/connections/ConnectionRefused";
import { ProviderRow } from "@/shared/connections/ProviderRow";
import { ErrorState } from "@/shared/states";
import classes from "./Account.module.css";
import { Group } from "./Group";
import { MailboxLimits } from "./MailboxLimits";

interface Props {
  /** What the provider's consent page ended with. */
  connected: string | undefined;
  refusal: string | undefined;
}

/** The mailbox that emails leave from, and how much may leave. */
export function ConnectSection({ connected, refusal }: Props) {
  const { t } = useTranslation("account");
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(connectionsQuery());
  const google = data?.items.find(({ provider }) => provider === "google");
  const forget = () => void navigate({ to: "/account/settings", search: {}, replace: true });
  return (
    <>
      {connected && (
        <Alert
          color="teal"
          variant="light"
          icon={<IconCheck size={18} />}
          mb={16}
          withCloseButton
          closeButtonLabel={t("dismiss")}
          onClose={forget}
          role="status"
        >
          {t("connect.connectedNow")}
        </Alert>
      )}
      {refusal && <ConnectionRefused code={refusal} onClose={forget} />}
      <Group id="connect" title={t("connect.title")} why={t("connect.emailProvidersWhy")}>
        <Title order={3} className={classes.within} id="email-providers">
          {t("connect.emailProviders")}
        </Title>
        {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
        {!data && !error && <Skeleton h={40} my={14} />}
        {google && <ProviderRow connection={google} from="account" />}
        {google && google.state !== "not_connected" && <MailboxLimits />}
      </Group>
    </>
  );
}
