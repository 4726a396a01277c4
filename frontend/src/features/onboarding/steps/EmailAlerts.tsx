import { Select, Skeleton, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { notificationsQuery, setNotifications } from "@/api/account";
import type { NotificationChoices } from "@/api/types";
import { failed } from "@/shared/feedback";
import { ErrorState } from "@/shared/states";
import classes from "./EmailAlerts.module.css";

const EVENTS = ["email_opened", "email_failed", "email_clicked"] as const;
const FREQUENCIES = ["immediately", "never"] as const;

/** How often Engage writes about what happens. Kept at once: the way to the consent page must not lose a choice. */
export function EmailAlerts() {
  const { t } = useTranslation("account");
  const queryClient = useQueryClient();
  const { queryKey } = notificationsQuery();
  const { data, error, refetch } = useQuery(notificationsQuery());
  const choosing = useMutation({
    mutationFn: setNotifications,
    scope: { id: "notifications" },
    onMutate: async (choices) => {
      await queryClient.cancelQueries({ queryKey });
      const known = queryClient.getQueryData(queryKey);
      queryClient.setQueryData(queryKey, choices);
      return known;
    },
    onError: (failure, _choices, known) => {
      queryClient.setQueryData(queryKey, known);
      failed(failure);
    },
  });
  return (
    <section aria-labelledby="email-alerts" className={classes.section}>
      <Title order={2} id="email-alerts">
        {t("notifications.title")}
      </Title>
      <Text size="sm" c="dimmed">
        {t("notifications.why")}
      </Text>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton h={132} mt={12} />}
      {data && (
        <div className={classes.choices}>
          {EVENTS.map((event) => (
            <Select
              key={event}
              label={t(`notifications.${event}`)}
              classNames={{ root: classes.choice, label: classes.label }}
              data={FREQUENCIES.map((value) => ({ value, label: t(`notifications.${value}`) }))}
              value={data[event]}
              allowDeselect={false}
              onChange={(frequency) =>
                frequency && choosing.mutate({ ...data, [event]: frequency } as NotificationChoices)
              }
            />
          ))}
        </div>
      )}
    </section>
  );
}
