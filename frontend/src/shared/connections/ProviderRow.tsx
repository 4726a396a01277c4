import { Button, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconBrandGoogleFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { disconnect, startConnection } from "@/api/session";
import type { Connection } from "@/api/types";
import { confirmed, failed, said } from "../feedback";
import { Mark, type Tone } from "../marks";
import { reasonInWords } from "../reasons";
import { When } from "../When";
import classes from "./ProviderRow.module.css";

const TONES: Record<Connection["state"], Tone> = {
  not_connected: "neutral",
  connected: "positive",
  needs_reconnect: "danger",
};

interface Props {
  connection: Connection;
  /** The page that the consent page leads back to. */
  from: "account" | "onboarding";
}

/** A provider, whether the user's account there is connected, and the way to connect it or to let it go. */
export function ProviderRow({ connection, from }: Props) {
  const { t } = useTranslation("account");
  const queryClient = useQueryClient();
  const connecting = useMutation({
    mutationFn: () => startConnection("google", from),
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
