import { Group, Modal, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useAllCommands } from "@/shared/commands";
import { Keys } from "./Palette";
import { paletteKeys } from "./Shell";

const GROUPS = ["page", "create", "go", "account", "help"] as const;

/** Every shortcut that works on this screen. */
export function ShortcutSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const commands = useAllCommands().filter((command) => command.keys);
  const palette = { id: "palette", group: "help" as const, title: t("palette.title"), keys: paletteKeys(t) };
  const groups = GROUPS.map((group) => ({
    group,
    found: [...commands, palette].filter((command) => command.group === group),
  })).filter(({ found }) => found.length > 0);
  return (
    <Modal opened={opened} onClose={onClose} title={t("nav.shortcuts")} size="lg">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xl" verticalSpacing="lg">
        {groups.map(({ group, found }) => (
          <Stack key={group} gap={6}>
            <Title order={3} c="dimmed">
              {t(`palette.${group}`)}
            </Title>
            {found.map((command) => (
              <Group key={command.id} justify="space-between" wrap="nowrap">
                <Text size="sm">{command.title}</Text>
                <Keys keys={command.keys} />
              </Group>
            ))}
          </Stack>
        ))}
      </SimpleGrid>
    </Modal>
  );
}
