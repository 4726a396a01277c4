import { Button, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "./explain";
import classes from "./states.module.css";

interface EmptyProps {
  icon: ComponentType<{ size?: number; stroke?: number }>;
  title: string;
  why?: ReactNode;
  children?: ReactNode;
}

/** Nothing here: why, and what to do about it. */
export function EmptyState({ icon: Icon, title, why, children }: EmptyProps) {
  return (
    <Stack className={classes.state} align="center" gap={4}>
      <div className={classes.icon}>
        <Icon size={20} stroke={1.6} />
      </div>
      <Title order={2} size="h2">
        {title}
      </Title>
      {why && (
        <Text size="sm" c="dimmed" ta="center" maw={420}>
          {why}
        </Text>
      )}
      {children && <div className={classes.actions}>{children}</div>}
    </Stack>
  );
}

/** It could not be shown: what happened, the request's id for whoever helps, and another try. */
export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const { title, detail, requestId } = explain(error);
  return (
    <div role="alert">
      <EmptyState icon={IconAlertTriangle} title={title} why={detail}>
        {retry && (
          <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={retry}>
            {t("action.retry")}
          </Button>
        )}
        {requestId && (
          <Text size="xs" c="dimmed" w="100%" ta="center" className={classes.requestId}>
            {t("error.requestId", { id: requestId })}
          </Text>
        )}
      </EmptyState>
    </div>
  );
}
