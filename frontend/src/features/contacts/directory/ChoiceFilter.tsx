import { Combobox, useCombobox } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Filters.module.css";
import { Pill } from "./Pill";

export interface Choice {
  value: string;
  label: string;
  /** How it is drawn, where it is more than its name. */
  shown?: ReactNode;
}

interface Props {
  label: string;
  choices: Choice[];
  value: string | undefined;
  /** For a value that is not among the choices any more. */
  unknown: string;
  nothing: string;
  onChange: (value: string | undefined) => void;
  /** Opened at once, for one that was just added. */
  fresh?: boolean;
}

// So many are seen at a glance.
const FEW = 8;

/** A condition with one of several values. */
export function ChoiceFilter({ label, choices, value, unknown, nothing, onChange, fresh = false }: Props) {
  const { t } = useTranslation("directory");
  const [typed, setTyped] = useState("");
  const searched = choices.length > FEW;
  const combobox = useCombobox({
    defaultOpened: fresh,
    onDropdownClose: (source) => {
      combobox.resetSelectedOption();
      setTyped("");
      if (source === "keyboard") combobox.focusTarget();
    },
    onDropdownOpen: () => {
      if (searched) combobox.focusSearchInput();
      combobox.selectActiveOption();
    },
  });
  const wanted = typed.trim().toLocaleLowerCase();
  const found = choices.filter((choice) => choice.label.toLocaleLowerCase().includes(wanted));
  const chosen = choices.find((choice) => choice.value === value);
  const said = value === undefined ? undefined : (chosen?.label ?? unknown);
  return (
    <Combobox
      store={combobox}
      width={260}
      position="bottom-start"
      shadow="md"
      onOptionSubmit={(picked) => {
        onChange(picked === value ? undefined : picked);
        combobox.closeDropdown();
        combobox.focusTarget();
      }}
    >
      <Combobox.Target targetType="button" withExpandedAttribute>
        <Pill
          label={label}
          value={said}
          aria-label={said === undefined ? label : t("filter.isSo", { what: label, value: said })}
          onClick={() => combobox.toggleDropdown()}
          onClear={() => onChange(undefined)}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        {searched && (
          <Combobox.Search
            aria-label={t("filter.find", { what: label })}
            placeholder={t("filter.find", { what: label })}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              combobox.selectFirstOption();
            }}
          />
        )}
        <Combobox.Options aria-label={label} mah={280} className={classes.options}>
          {found.slice(0, 200).map((choice) => (
            <Combobox.Option key={choice.value} value={choice.value} active={choice.value === value}>
              <span className={classes.option}>
                <span className={classes.clip}>{choice.shown ?? choice.label}</span>
                {choice.value === value && <IconCheck size={14} aria-hidden />}
              </span>
            </Combobox.Option>
          ))}
          {found.length === 0 && <Combobox.Empty>{nothing}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
