import { Button, Menu } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ActivityFilter } from "./ActivityFilter";
import { ChoiceFilter } from "./ChoiceFilter";
import { useListChoices, useOwnerChoices, useSalesflowChoices, useStatusChoices } from "./choices";
import classes from "./Filters.module.css";
import { OwnFieldFilter } from "./OwnFieldFilter";
import type { OwnField } from "./ownFields";
import type { Changes, Conditions } from "./search";

interface Props {
  conditions: Conditions;
  own: OwnField[];
  onChange: (changes: Changes<Conditions>) => void;
  /** What can be done with what is asked for. */
  children?: ReactNode;
}

/** Every condition of the directory: one press to set it, one to change it, one to take it away. */
export function FilterLine({ conditions, own, onChange, children }: Props) {
  const { t } = useTranslation("directory");
  const { t: words } = useTranslation("contacts");
  return (
    <div className={classes.line} role="group" aria-label={t("filter.title")}>
      <ChoiceFilter
        label={words("field.status")}
        choices={useStatusChoices()}
        value={conditions.status}
        unknown={conditions.status ?? ""}
        nothing={t("filter.nothing")}
        onChange={(status) => onChange({ status })}
      />
      <ChoiceFilter
        label={words("field.owner")}
        choices={useOwnerChoices()}
        value={conditions.owner}
        unknown={words("someOwner")}
        nothing={t("filter.nothing")}
        onChange={(owner) => onChange({ owner })}
      />
      <ChoiceFilter
        label={t("filter.list")}
        choices={useListChoices()}
        value={conditions.list}
        unknown={t("filter.someList")}
        nothing={t("filter.noLists")}
        onChange={(list) => onChange({ list })}
      />
      <ChoiceFilter
        label={t("filter.salesflow")}
        choices={useSalesflowChoices()}
        value={conditions.salesflow}
        unknown={t("filter.someSalesflow")}
        nothing={t("filter.noSalesflows")}
        onChange={(salesflow) => onChange({ salesflow })}
      />
      <ActivityFilter after={conditions.after} before={conditions.before} onChange={onChange} />
      <ChoiceFilter
        label={t("filter.optedOut")}
        choices={(["true", "false"] as const).map((value) => ({ value, label: t(`own.${value}`) }))}
        value={conditions.optedOut === undefined ? undefined : String(conditions.optedOut)}
        unknown=""
        nothing={t("filter.nothing")}
        onChange={(value) => onChange({ optedOut: value === undefined ? undefined : value === "true" })}
      />
      <OwnFields conditions={conditions} own={own} onChange={onChange} />
      {children}
    </div>
  );
}

/** Own fields that are asked for, and the way to ask for another. */
function OwnFields({ conditions, own, onChange }: Omit<Props, "children">) {
  const { t } = useTranslation("directory");
  const [begun, setBegun] = useState<string | null>(null);
  const asked = conditions.fields ?? {};
  const set = (key: string, value: string | undefined) => {
    const others = Object.entries(asked).filter(([each]) => each !== key);
    const next = value === undefined ? others : [...others, [key, value]];
    setBegun(null);
    onChange({ fields: next.length ? (Object.fromEntries(next) as Record<string, string>) : undefined });
  };
  // What was archived since can still be taken away.
  const gone = Object.keys(asked)
    .filter((key) => !own.some((field) => field.key === key))
    .map((key): OwnField => ({ key, label: key, kind: "text", choices: [], filterable: true }));
  const shown = [...own, ...gone].filter(({ key }) => key in asked || key === begun);
  const others = own.filter((field) => field.filterable && !shown.includes(field));
  return (
    <>
      {shown.map((field) => (
        <OwnFieldFilter
          key={field.key}
          field={field}
          value={asked[field.key]}
          fresh={field.key === begun}
          onChange={(value) => set(field.key, value)}
        />
      ))}
      {others.length > 0 && (
        <Menu position="bottom-start" width={240}>
          <Menu.Target>
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              className={classes.more}
              leftSection={<IconPlus size={13} />}
            >
              {t("filter.more")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((field) => (
              <Menu.Item key={field.key} onClick={() => setBegun(field.key)}>
                {field.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}
