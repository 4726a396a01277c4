import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ColumnChoice } from "./columns";

export function ColumnChooser<Row>({ choice }: { choice: ColumnChoice<Row> }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Tooltip label={t("table.columns")}>
          <ActionIcon variant="default" size={32} aria-label={t("table.columns")} visibleFrom="sm">
            <IconColumns3 size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("table.columns")}</Menu.Label>
        {choice.choosable.map((column) => (
          <Menu.CheckboxItem
            key={column.id}
            checked={choice.isShown(column.id)}
            onChange={() => choice.toggle(column.id)}
          >
            {column.header}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
