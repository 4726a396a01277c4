import { Button, Combobox, useCombobox } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Choice } from "./ChoiceFilter";
import classes from "./Filters.module.css";

interface Props {
  label: string;
  icon: ReactNode;
  choices: Choice[];
  nothing: string;
  busy: boolean;
  onPick: (choice: Choice) => void;
}

const FEW = 8;

/** A button that asks which one, and does it. */
export function PickButton({ label, icon, choices, nothing, busy, onPick }: Props) {
  const { t } = useTranslation("directory");
  const [typed, setTyped] = useState("");
  const searched = choices.length > FEW;
  const combobox = useCombobox({
    onDropdownClose: (source) => {
      combobox.resetSelectedOption();
      setTyped("");
      if (source === "keyboard") combobox.focusTarget();
    },
    onDropdownOpen: () => searched && combobox.focusSearchInput(),
  });
  const wanted = typed.trim().toLocaleLowerCase();
  const found = choices.filter((choice) => choice.label.toLocaleLowerCase().includes(wanted));
  return (
    <Combobox
      store={combobox}
      width={240}
      position="bottom-start"
      shadow="md"
      onOptionSubmit={(value) => {
        const choice = choices.find((each) => each.value === value);
        combobox.closeDropdown();
        if (choice) onPick(choice);
      }}
    >
      <Combobox.Target targetType="button" withExpandedAttribute>
        <Button
          variant="default"
          leftSection={icon}
          rightSection={<IconChevronDown size={13} />}
          aria-label={label}
          disabled={busy}
          onClick={() => combobox.toggleDropdown()}
        >
          {label}
        </Button>
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
            <Combobox.Option key={choice.value} value={choice.value} className={classes.option}>
              <span className={classes.clip}>{choice.shown ?? choice.label}</span>
            </Combobox.Option>
          ))}
          {found.length === 0 && <Combobox.Empty>{nothing}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
