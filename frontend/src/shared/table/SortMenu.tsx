import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconArrowsSort } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

interface Props {
  orders: { value: string; label: string }[];
  value: string;
  onChange: (value: string) => void;
}

/** The order, also where a narrow screen leaves no heads of columns to press. */
export function SortMenu({ orders, value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Tooltip label={t("table.sort")}>
          <ActionIcon variant="default" size={32} aria-label={t("table.sort")}>
            <IconArrowsSort size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("table.sort")}</Menu.Label>
        <Menu.RadioGroup value={value} onChange={onChange}>
          {orders.map((order) => (
            <Menu.RadioItem key={order.value} closeMenuOnClick value={order.value}>
              {order.label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
