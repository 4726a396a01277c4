import { Button, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { ChoiceFilter } from "./ChoiceFilter";
import type { OwnField } from "./ownFields";
import { PanelFilter } from "./PanelFilter";

interface Props {
  field: OwnField;
  value: string | undefined;
  fresh: boolean;
  onChange: (value: string | undefined) => void;
}

/** A condition on a field of the organization's own: exactly this value. */
export function OwnFieldFilter({ field, value, fresh, onChange }: Props) {
  const { t } = useTranslation("directory");
  const { civil } = useFormat();
  const { label, kind } = field;
  if (kind === "choice" || kind === "checkbox") {
    const choices =
      kind === "choice"
        ? field.choices.map((choice) => ({ value: choice, label: choice }))
        : (["true", "false"] as const).map((each) => ({ value: each, label: t(`own.${each}`) }));
    return (
      <ChoiceFilter
        label={label}
        choices={choices}
        value={value}
        unknown={value ?? ""}
        nothing={t("own.nothing")}
        fresh={fresh}
        onChange={onChange}
      />
    );
  }
  const said = value !== undefined && kind === "date" && !Number.isNaN(Date.parse(value)) ? civil(value) : value;
  return (
    <PanelFilter label={label} value={said} fresh={fresh} onClear={() => onChange(undefined)}>
      {(close) => (
        <ValueForm
          field={field}
          value={value}
          onChange={(next) => {
            onChange(next);
            close();
          }}
        />
      )}
    </PanelFilter>
  );
}

const TYPES = { text: "text", url: "url", number: "number", date: "date" } as const;

function ValueForm({ field, value, onChange }: Omit<Props, "fresh">) {
  const { t } = useTranslation("directory");
  const [typed, setTyped] = useState(value ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(typed.trim() || undefined);
  };
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap={12}>
        <TextInput
          label={t("own.is", { field: field.label })}
          type={TYPES[field.kind as keyof typeof TYPES]}
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button type="submit" size="compact-sm">
            {t("own.apply")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
