import { Select, TextInput } from "@mantine/core";
import { type ReactNode, type Ref } from "react";
import { useTranslation } from "react-i18next";
import type { FactField } from "./facts";

interface Props {
  field: FactField;
  value: string;
  error?: ReactNode;
  /** Beside the value that it replaces, the label is said but not shown. */
  bare?: boolean;
  inputRef?: Ref<HTMLInputElement>;
  disabled?: boolean;
  onChange: (value: string) => void;
  /** What is chosen is settled at once. */
  onChoose?: (value: string) => void;
}

const TYPES = { text: "text", email: "email", phone: "tel", number: "text", date: "date", url: "text" } as const;

/** Where a fact is typed or chosen. */
export function FactInput({ field, value, error, bare, inputRef, disabled, onChange, onChoose }: Props) {
  const { t } = useTranslation("directory");
  const { kind, label, required } = field;
  const shared = {
    ...(bare ? { "aria-label": label } : { label, withAsterisk: required === true }),
    ...(inputRef ? { ref: inputRef } : {}),
    error,
    readOnly: disabled === true,
  };
  if (kind === "choice" || kind === "checkbox") {
    const choices =
      kind === "choice"
        ? (field.choices ?? [])
        : (["true", "false"] as const).map((each) => ({ value: each, label: t(`own.${each}`) }));
    return (
      <Select
        {...shared}
        data={choices}
        value={value || null}
        clearable={!required}
        searchable={choices.length > 8}
        limit={200}
        onChange={(chosen) => (onChoose ?? onChange)(chosen ?? "")}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      type={TYPES[kind]}
      inputMode={kind === "number" ? "decimal" : kind === "url" ? "url" : undefined}
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
