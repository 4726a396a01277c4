import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowBackUp } from "@tabler/icons-react";
import type { FeedItem } from "@/api/types";
import { i18next } from "@/app/i18n";

/** Says quietly that somebody has just replied, with the way there. */
export function announceReply(item: FeedItem, open: () => void): void {
  const id = `reply-${item.id}`;
  notifications.hide(id);
  notifications.show({
    id,
    autoClose: 8_000,
    icon: <IconArrowBackUp size={16} />,
    color: "teal",
    closeButtonProps: { "aria-label": i18next.t("action.close") },
    message: (
      <Group justify="space-between" wrap="nowrap" gap={8}>
        <div>
          <Text size="sm" fw={500}>
            {i18next.t("replied", { ns: "feed", name: item.contact?.name ?? "" })}
          </Text>
          {typeof item.detail.text === "string" && (
            <Text size="xs" c="dimmed" lineClamp={1}>
              {item.detail.text}
            </Text>
          )}
        </div>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            notifications.hide(id);
            open();
          }}
        >
          {i18next.t("see", { ns: "feed" })}
        </Button>
      </Group>
    ),
  });
}
