import { Button, Skeleton, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { endOtherSessions, endSession, sessionsQuery } from "@/api/security";
import type { Session } from "@/api/types";
import { confirmed, failed, said } from "@/shared/feedback";
import { Mark } from "@/shared/marks";
import { ErrorState } from "@/shared/states";
import { When } from "@/shared/When";
import classes from "../Account.module.css";
import { Group } from "../Group";
import { browserOf } from "./browsers";
import own from "./Security.module.css";

/** Every browser that is signed in. */
export function SessionsSection() {
  const { t } = useTranslation("account");
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(sessionsQuery());
  const others = data?.items.filter(({ current }) => !current).length ?? 0;
  const ending = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: () => {
      said(t("sessions.othersEnded"));
      return queryClient.invalidateQueries({ queryKey: sessionsQuery().queryKey });
    },
    onError: failed,
  });
  const endOthers = async () => {
    const question = {
      title: t("sessions.endOthersTitle"),
      body: t("sessions.endOthersBody", { count: others }),
      confirm: t("sessions.endOthers"),
      danger: true,
    };
    if (await confirmed(question)) ending.mutate();
  };
  const button = others > 0 && (
    <Button variant="default" loading={ending.isPending} onClick={() => void endOthers()}>
      {t("sessions.endOthers")}
    </Button>
  );
  return (
    <Group id="sessions" title={t("sessions.title")} why={t("sessions.why")} action={button}>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={40} my={14} />}
      {data?.items.map((session) => (
        <SessionRow key={session.id} session={session} />
      ))}
    </Group>
  );
}

function SessionRow({ session }: { session: Session }) {
  const { t } = useTranslation("account");
  const queryClient = useQueryClient();
  const { id, current, user_agent, address, last_seen_at, created_at, second_factor } = session;
  const { browser, system } = browserOf(user_agent);
  const name = browser && system ? t("sessions.on", { browser, system }) : (browser ?? system ?? t("sessions.unknown"));
  const ending = useMutation({
    mutationFn: () => endSession(id),
    onSuccess: () => {
      said(t("sessions.ended"));
      return queryClient.invalidateQueries({ queryKey: sessionsQuery().queryKey });
    },
    onError: failed,
  });
  const Device = system && ["iPhone", "iPad", "Android"].includes(system) ? IconDeviceMobile : IconDeviceDesktop;
  return (
    <div className={classes.token}>
      <Device size={20} stroke={1.6} className={own.device} aria-hidden />
      <div className={classes.about}>
        <div className={classes.name}>
          <span title={user_agent}>{name}</span>
          {current && <Mark tone="positive">{t("sessions.current")}</Mark>}
          {second_factor && <Mark>{t("sessions.second")}</Mark>}
        </div>
        <Text size="xs" c="dimmed" component="div">
          {address && <>{address} · </>}
          {t("sessions.seen")}: <When at={last_seen_at} /> · {t("sessions.since")}: <When at={created_at} as="date" />
        </Text>
      </div>
      {!current && (
        <Button
          variant="default"
          loading={ending.isPending}
          aria-label={t("sessions.endLabel", { name })}
          onClick={() => ending.mutate()}
        >
          {t("sessions.end")}
        </Button>
      )}
    </div>
  );
}
