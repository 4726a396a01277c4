import { ActionIcon, Button, Group, Title, Tooltip } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./EditSection.module.css";

interface Props {
  title: string;
  /** Null while the section is being edited, or where it can't be. */
  onEdit: (() => void) | null;
  layout?: "narrow" | "wide";
  /** Beside the title: how much there is. */
  beside?: ReactNode;
  /** What else can be done here. */
  action?: ReactNode;
  children: ReactNode;
}

/** A part of a page with its own Edit. Wide ones say so; in a narrow column a pencil does. */
export function SectionFrame({ title, onEdit, layout = "narrow", beside, action, children }: Props) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const editable = onEdit !== null;
  const isBegun = useRef(false);
  // Editing has ended: the focus returns to where it began. What was only being loaded takes no focus.
  useEffect(() => {
    if (!editable) return;
    if (isBegun.current) button.current?.focus();
    isBegun.current = false;
  }, [editable]);
  const begin = () => {
    onEdit?.();
    isBegun.current = true;
  };
  const label = `${t("action.edit")}: ${title}`;
  return (
    <section className={classes.section} data-layout={layout} aria-label={title}>
      <Group justify="space-between" className={classes.head}>
        <Group gap={8}>
          <Title order={2}>{title}</Title>
          {beside}
        </Group>
        {action}
        {onEdit &&
          (layout === "wide" ? (
            <Button ref={button} variant="default" size="compact-sm" aria-label={label} onClick={begin}>
              {t("action.edit")}
            </Button>
          ) : (
            <Tooltip label={t("action.edit")}>
              <ActionIcon ref={button} size="sm" aria-label={label} onClick={begin}>
                <IconPencil size={15} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          ))}
      </Group>
      {children}
    </section>
  );
}
