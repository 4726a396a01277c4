import { ActionIcon, Tooltip } from "@mantine/core";
import { IconGripVertical } from "@tabler/icons-react";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Lists.module.css";

/** By which an item of a list is dragged, or moved with the arrow keys. */
export function Handle({ label, ...events }: { label: string } & Omit<ComponentProps<"button">, "color" | "size">) {
  const { t } = useTranslation("contactAdmin");
  return (
    <Tooltip label={t("move.help")} openDelay={600}>
      <ActionIcon {...(events as object)} size={28} className={classes.handle} aria-label={t("move.handle", { label })}>
        <IconGripVertical size={16} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}
