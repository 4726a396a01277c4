import { Group, Kbd, Modal, Text, VisuallyHidden } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight } from "@mantine/spotlight";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconSearch, IconUser } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { contactsQuery } from "@/api/contacts";
import { salesflowsQuery } from "@/api/salesflows";
import { type Command, useAllCommands } from "@/shared/commands";

// A region that scrolls has to be reachable by keyboard; the list hands this on to what scrolls.
const SCROLLED = { viewportProps: { tabIndex: 0 } };

const GROUPS = ["page", "create", "go", "account", "help"] as const;

const matches = (text: string, words: string[]) => {
  const low = text.toLocaleLowerCase();
  return words.every((word) => low.includes(word));
};

/** Ctrl/Cmd-K: what can be done here, where one can go, and records found by the server. */
export function CommandPalette() {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const commands = useAllCommands().filter((command) => !command.keyOnly && matches(command.title, words));
  const groups = GROUPS.map((group) => ({ group, found: commands.filter((command) => command.group === group) }));
  const records = useRecords(query.trim());
  const nothing = commands.length === 0 && records.length === 0;
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={["mod + K"]}
      clearQueryOnClose
      size={600}
      yOffset="12vh"
      scrollable
      maxHeight={420}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
    >
      <VisuallyHidden>
        <Modal.Title>{t("palette.title")}</Modal.Title>
      </VisuallyHidden>
      <Spotlight.Search
        placeholder={t("palette.placeholder")}
        aria-label={t("palette.placeholder")}
        leftSection={<IconSearch size={18} stroke={1.6} />}
      />
      <Spotlight.ActionsList {...SCROLLED}>
        {nothing && <Spotlight.Empty>{t("palette.nothing")}</Spotlight.Empty>}
        {records.length > 0 && (
          <Spotlight.ActionsGroup label={t("palette.records")}>
            {records.map((record) => (
              <Spotlight.Action
                key={record.id}
                label={record.name}
                description={record.about}
                leftSection={<IconUser size={16} stroke={1.6} />}
                onClick={record.open}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {groups
          .filter(({ found }) => found.length > 0)
          .map(({ group, found }) => (
            <Spotlight.ActionsGroup key={group} label={t(`palette.${group}`)}>
              {found.map((command) => (
                <CommandAction key={command.id} command={command} />
              ))}
            </Spotlight.ActionsGroup>
          ))}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function CommandAction({ command }: { command: Command }) {
  return (
    <Spotlight.Action onClick={command.run}>
      <Group justify="space-between" w="100%" wrap="nowrap">
        <Text size="sm">{command.title}</Text>
        <Keys keys={command.keys} />
      </Group>
    </Spotlight.Action>
  );
}

export function Keys({ keys }: { keys: string | undefined }) {
  if (!keys) return null;
  return (
    <Group gap={4} wrap="nowrap">
      {keys.split(" ").map((key) => (
        <Kbd key={key} size="xs">
          {key}
        </Kbd>
      ))}
    </Group>
  );
}

function useRecords(query: string) {
  const navigate = useNavigate();
  const { t } = useTranslation();
  const [asked] = useDebouncedValue(query, 200);
  const wanted = asked.length >= 2 && query.length >= 2;
  const contacts = useQuery({
    ...contactsQuery({ q: asked, limit: 5 }),
    enabled: wanted,
    placeholderData: wanted ? keepPreviousData : undefined,
  });
  const flows = useQuery({ ...salesflowsQuery({ limit: 100 }), enabled: wanted });
  if (!wanted) return [];
  const people = (contacts.data?.items ?? []).map((contact) => ({
    id: contact.id,
    name: contact.name,
    about: [contact.company, contact.email].filter(Boolean).join(" · "),
    open: () => void navigate({ to: "/contacts/$contactId", params: { contactId: contact.id } }),
  }));
  const sequences = (flows.data?.items ?? [])
    .filter((flow) => flow.name.toLocaleLowerCase().includes(asked.toLocaleLowerCase()))
    .slice(0, 5)
    .map((flow) => ({
      id: flow.id,
      name: flow.name,
      about: t("palette.salesflow"),
      open: () => void navigate({ to: "/content/salesflows/$salesflowId", params: { salesflowId: flow.id } }),
    }));
  return [...people, ...sequences];
}
