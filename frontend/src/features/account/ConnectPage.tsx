import { Alert, Button, Skeleton, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconBrandGoogleFilled, IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { connectionsQuery, disconnect, startConnection } from "@/api/session";
import type { Connection } from "@/api/types";
import { confirmed, failed, said } from "@/shared/feedback";
import { Mark, type Tone } from "@/shared/marks";
import { reasonInWords } from "@/shared/reasons";
import { ErrorState } from "@/shared/states";
import { When } from "@/shared/When";
import classes from "./Account.module.css";

interface Props {
  connected: string | undefined;
  refusal: string | undefined;
}

export function ConnectPage({ connected, refusal }: Props) {
  const { t } = useTranslation("account");
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(connectionsQuery());
  const google = data?.items.find(({ provider }) => provider === "google");
  const forget = () => void navigate({ to: "/account/connect", search: {}, replace: true });
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
      {refusal && <Refused code={refusal} onClose={forget} />}
      <section className={classes.group} aria-labelledby="email-providers">
        <div className={classes.groupHead}>
          <div>
            <Title order={2} id="email-providers">
              {t("connect.emailProviders")}
            </Title>
            <Text size="sm" c="dimmed">
              {t("connect.emailProvidersWhy")}
            </Text>
          </div>
        </div>
        <div className={classes.card}>
          {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
          {!data && !error && <Skeleton h={40} my={14} />}
          {google && <Provider connection={google} />}
        </div>
      </section>
    </>
  );
}

const KNOWN_REFUSALS = [
  "access_denied",
  "provider_refused",
  "missing_permission",
  "state_invalid",
  "grant_refused",
  "provider_unavailable",
] as const;

function Refused({ code, onClose }: { code: string; onClose: () => void }) {
  const { t } = useTranslation("account");
  const known = KNOWN_REFUSALS.find((each) => each === code);
  return (
    <Alert
      color="red"
      variant="light"
      mb={16}
      withCloseButton
      closeButtonLabel={t("dismiss")}
      onClose={onClose}
      role="alert"
      title={t("connect.refusedTitle")}
    >
      {known ? t(`connect.refused.${known}`) : t("connect.refused.other", { reason: reasonInWords(code) })}
    </Alert>
  );
}

const TONES: Record<Connection["state"], Tone> = {
  not_connected: "neutral",
  connected: "positive",
  needs_reconnect: "danger",
};

function Provider({ connection }: { connection: Connection }) {
  const { t } = useTranslation("account");
  const queryClient = useQueryClient();
  const connecting = useMutation({
    mutationFn: () => startConnection("google"),
    onSuccess: ({ authorize_url }) => window.location.assign(authorize_url),
    onError: failed,
  });
  const leaving = useMutation({
    mutationFn: () => disconnect("google"),
    onSuccess: () => {
      said(t("connect.disconnected"));
      return queryClient.invalidateQueries({ queryKey: ["connections"] });
    },
    onError: failed,
  });
  const leave = async () => {
    const question = {
      title: t("connect.disconnectTitle"),
      body: t("connect.disconnectBody", { account: connection.account ?? "Google" }),
      confirm: t("connect.disconnect"),
      danger: true,
    };
    if (await confirmed(question)) leaving.mutate();
  };
  const { state, account, connected_at, lost_reason } = connection;
  const busy = connecting.isPending || connecting.isSuccess;
  return (
    <div className={classes.provider}>
      <div className={classes.logo}>
        <IconBrandGoogleFilled size={20} />
      </div>
      <div className={classes.about}>
        <div className={classes.name}>
          {t("connect.google")}
          <Mark tone={TONES[state]}>{t(`connect.state.${state}`)}</Mark>
        </div>
        <Text size="sm" c="dimmed" component="div">
          {state === "not_connected" && t("connect.notConnectedWhy")}
          {state === "connected" && (
            <>
              {account}
              {connected_at && (
                <>
                  {" · "}
                  {t("connect.since")} <When at={connected_at} as="date" />
                </>
              )}
            </>
          )}
          {state === "needs_reconnect" &&
            t("connect.lost", { account: account ?? "", reason: lost_reason ? reasonInWords(lost_reason) : "" })}
        </Text>
      </div>
      <div className={classes.buttons}>
        {state !== "connected" && (
          <Button loading={busy} onClick={() => connecting.mutate()}>
            {state === "needs_reconnect" ? t("connect.reconnect") : t("connect.connect")}
          </Button>
        )}
        {state !== "not_connected" && (
          <Button variant="default" loading={leaving.isPending} onClick={() => void leave()}>
            {t("connect.disconnect")}
          </Button>
        )}
      </div>
    </div>
  );
}
