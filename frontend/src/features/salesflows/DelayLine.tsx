import { NumberInput, Popover, Select, Stack, Text } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Delay } from "@/api/types";
import classes from "./Steps.module.css";

const UNITS = ["minutes", "hours", "days", "business_days"] as const;

/** The wait before a step, on the line that leads to it. */
export function DelayLine({ delay, onChange }: { delay: Delay; onChange: (delay: Delay) => void }) {
  const { t } = useTranslation("salesflows");
  const said = delay.amount === 0 ? t("delay.now") : t(`delay.${delay.unit}`, { count: delay.amount });
  return (
    <div className={classes.delay}>
      <div className={classes.line} />
      <Popover trapFocus returnFocus position="bottom" width={280} shadow="md">
        <Popover.Target>
          <button type="button" className={classes.pill} aria-label={t("delay.edit", { delay: said })}>
            <IconClock size={13} stroke={1.7} />
            {said}
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label={t("delay.title")}>
          <Stack gap={8}>
            <Text size="sm" fw={500}>
              {t("delay.title")}
            </Text>
            <div style={{ display: "grid", gridTemplateColumns: "88px 1fr", gap: 8 }}>
              <NumberInput
                aria-label={t("delay.amount")}
                min={0}
                max={365}
                allowDecimal={false}
                clampBehavior="strict"
                value={delay.amount}
                onChange={(amount) => onChange({ ...delay, amount: Number(amount) || 0 })}
              />
              <Select
                aria-label={t("delay.unit")}
                allowDeselect={false}
                comboboxProps={{ withinPortal: false }}
                data={UNITS.map((unit) => ({ value: unit, label: t(`delay.unitName.${unit}`) }))}
                value={delay.unit}
                onChange={(unit) => unit && onChange({ ...delay, unit: unit as Delay["unit"] })}
              />
            </div>
            <Text size="xs" c="dimmed">
              {t("delay.hint")}
            </Text>
          </Stack>
        </Popover.Dropdown>
      </Popover>
      <div className={classes.line} />
    </div>
  );
}
