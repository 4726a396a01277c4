import { Alert, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconListCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { onboardingQuery } from "@/api/onboarding";
import { ButtonLink } from "@/shared/links";
import { useMe } from "@/shared/session";

/** The way back into the wizard, for as long as it has something left to ask. */
export function SetupReminder() {
  const { t } = useTranslation("onboarding");
  const unfinished = useMe()?.onboarding_done === false;
  const { data } = useQuery({ ...onboardingQuery(), enabled: unfinished });
  const left = data?.steps.filter(({ state }) => state === "open").length ?? 0;
  if (!unfinished || left === 0) return null;
  return (
    <Alert variant="light" color="accent" icon={<IconListCheck size={18} />} mb={16}>
      <Group justify="space-between" gap={12}>
        <Text size="sm">{t("reminder.why", { count: left })}</Text>
        <ButtonLink to="/onboarding" size="compact-sm">
          {t("reminder.go")}
        </ButtonLink>
      </Group>
    </Alert>
  );
}
