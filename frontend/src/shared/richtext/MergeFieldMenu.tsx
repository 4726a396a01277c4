import {
  ActionIcon,
  Button,
  Popover,
  ScrollArea,
  Stack,
  Text,
  TextInput,
  Tooltip,
  UnstyledButton,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconArrowLeft, IconBraces } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mergeFieldsQuery } from "@/api/salesflows";
import type { MergeField } from "@/api/types";
import classes from "./MergeFieldMenu.module.css";
import { mergeTag } from "./mergeTag";

interface Props {
  onInsert: (tag: string) => void;
  labelled?: boolean;
}

/** Picks a field, then what to write where it is empty. */
export function MergeFieldMenu({ onInsert, labelled = false }: Props) {
  const { t } = useTranslation("salesflows");
  const [opened, setOpened] = useState(false);
  const [field, setField] = useState<MergeField | null>(null);
  const close = () => {
    setOpened(false);
    setField(null);
  };
  const insert = (tag: string) => {
    close();
    onInsert(tag);
  };
  const choose = (chosen: MergeField) =>
    /^(contact|custom)\./.test(chosen.name) ? setField(chosen) : insert(mergeTag(chosen.name, ""));
  const toggle = () => (opened ? close() : setOpened(true));
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && close()}
      width={280}
      position="bottom-end"
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        {labelled ? (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<IconBraces size={15} stroke={1.6} />}
            onClick={toggle}
          >
            {t("editor.field")}
          </Button>
        ) : (
          <Tooltip label={t("editor.field")}>
            <ActionIcon size="sm" aria-label={t("editor.field")} onClick={toggle}>
              <IconBraces size={15} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        )}
      </Popover.Target>
      <Popover.Dropdown p={8} aria-label={t("editor.field")}>
        {field ? (
          <FallbackForm field={field} onBack={() => setField(null)} onInsert={insert} />
        ) : (
          <FieldList onChoose={choose} />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

const GROUPS = ["contact", "custom", "sender", "organization"] as const;

function FieldList({ onChoose }: { onChoose: (field: MergeField) => void }) {
  const { t } = useTranslation("salesflows");
  const [typed, setTyped] = useState("");
  const fields = useQuery(mergeFieldsQuery()).data?.items ?? [];
  const low = typed.trim().toLocaleLowerCase();
  const found = fields.filter(({ label, name }) => `${label} ${name}`.toLocaleLowerCase().includes(low));
  return (
    <Stack gap={4}>
      <TextInput
        data-autofocus
        aria-label={t("editor.fieldSearch")}
        placeholder={t("editor.fieldSearch")}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ScrollArea.Autosize mah={260} type="auto">
        {found.length === 0 && (
          <Text size="sm" c="dimmed" p={8}>
            {t("editor.fieldNone")}
          </Text>
        )}
        {GROUPS.map((group) => {
          const own = found.filter(({ name }) => name.startsWith(`${group}.`));
          return (
            own.length > 0 && (
              <div key={group}>
                <Text size="xs" c="dimmed" px={8} pt={8} pb={2}>
                  {t(`editor.${group}Fields`)}
                </Text>
                {own.map((field) => (
                  <UnstyledButton key={field.name} className={classes.field} onClick={() => onChoose(field)}>
                    <span>{field.label}</span>
                    <span className={classes.sample}>{field.sample}</span>
                  </UnstyledButton>
                ))}
              </div>
            )
          );
        })}
      </ScrollArea.Autosize>
    </Stack>
  );
}

const SUGGESTED = ["first_name", "name", "company", "job_title"] as const;

interface FallbackProps {
  field: MergeField;
  onBack: () => void;
  onInsert: (tag: string) => void;
}

function FallbackForm({ field, onBack, onInsert }: FallbackProps) {
  const { t } = useTranslation("salesflows");
  const key = SUGGESTED.find((each) => field.name === `contact.${each}`);
  const [fallback, setFallback] = useState(key ? t(`editor.fallbackFor.${key}`) : "");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        onInsert(mergeTag(field.name, fallback));
      }}
    >
      <Stack gap={8}>
        <div className={classes.head}>
          <ActionIcon size="sm" aria-label={t("editor.back")} onClick={onBack}>
            <IconArrowLeft size={15} />
          </ActionIcon>
          <Text size="sm" fw={500}>
            {field.label}
          </Text>
        </div>
        <TextInput
          data-autofocus
          label={t("editor.fallback")}
          description={t("editor.fallbackNone")}
          inputWrapperOrder={["label", "input", "description"]}
          value={fallback}
          onChange={(event) => setFallback(event.currentTarget.value)}
        />
        <code className={classes.tag}>{mergeTag(field.name, fallback)}</code>
        <Button type="submit">{t("editor.insert")}</Button>
      </Stack>
    </form>
  );
}
