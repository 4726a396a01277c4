import { ActionIcon, Kbd, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommands } from "../commands";
import classes from "./FilterBar.module.css";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** Searches as one types, a moment after the last key; `/` goes here. */
export function SearchInput({ label, value, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  const later = useDebouncedCallback((text: string) => {
    setKnown(text);
    onChange(text);
  }, 250);
  // The URL changed under the field: back, forward, or filters cleared.
  if (value !== known) {
    setKnown(value);
    setTyped(value);
  }
  const type = (text: string) => {
    setTyped(text);
    later(text.trim());
  };
  useCommands([{ id: "page.search", group: "page", title: label, keys: "/", run: () => field.current?.focus() }]);
  return (
    <TextInput
      ref={field}
      type="search"
      className={classes.search}
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Escape" && field.current?.blur()}
      leftSection={<IconSearch size={15} stroke={1.6} />}
      rightSection={
        typed ? (
          <ActionIcon size="sm" aria-label={t("action.clear")} onClick={() => type("")}>
            <IconX size={14} />
          </ActionIcon>
        ) : (
          <Kbd size="xs" aria-hidden>
            /
          </Kbd>
        )
      }
    />
  );
}
