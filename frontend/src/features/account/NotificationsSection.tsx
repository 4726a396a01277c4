import { Select, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { notificationsQuery, setNotifications } from "@/api/account";
import type { NotificationChoices } from "@/api/types";
import { failed, said } from "@/shared/feedback";
import { ErrorState } from "@/shared/states";
import classes from "./Account.module.css";
import { Group } from "./Group";

const KINDS = ["email_opened", "email_failed", "email_clicked"] as const;

/** What somebody is written to about; each choice counts at once. */
export function NotificationsSection() {
  const { t } = useTranslation("account");
  const queryClient = useQueryClient();
  const query = notificationsQuery();
  const { data, error, refetch } = useQuery(query);
  const choosing = useMutation({
    mutationFn: setNotifications,
    onMutate: async (choices) => {
      await queryClient.cancelQueries({ queryKey: query.queryKey });
      const before = queryClient.getQueryData(query.queryKey);
      queryClient.setQueryData(query.queryKey, choices);
      return { before };
    },
    onSuccess: (saved) => {
      queryClient.setQueryData(query.queryKey, saved);
      said(t("notifications.saved"));
    },
    onError: (refusal, _, context) => {
      queryClient.setQueryData(query.queryKey, context?.before);
      failed(refusal);
    },
  });
  const choices = (["immediately", "never"] as const).map((value) => ({ value, label: t(`notifications.${value}`) }));
  return (
    <Group id="notifications" title={t("notifications.title")} why={t("notifications.why")}>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data &&
        !error &&
        KINDS.map((kind) => (
          <div key={kind} className={classes.setting}>
            <Skeleton h={20} w={160} />
            <Skeleton h={32} w={160} />
          </div>
        ))}
      {data &&
        KINDS.map((kind) => (
          <div key={kind} className={classes.setting}>
            <span aria-hidden>{t(`notifications.${kind}`)}</span>
            <Select
              aria-label={t(`notifications.${kind}`)}
              w={160}
              data={choices}
              allowDeselect={false}
              value={data[kind]}
              onChange={(value) =>
                value && choosing.mutate({ ...data, [kind]: value as NotificationChoices[typeof kind] })
              }
            />
          </div>
        ))}
    </Group>
  );
}
