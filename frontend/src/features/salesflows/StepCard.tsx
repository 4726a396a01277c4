import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconChevronDown,
  IconChevronUp,
  IconCopy,
  IconDots,
  IconGripVertical,
  IconTrash,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Mark } from "@/shared/marks";
import { useReadable } from "@/shared/richtext/readable";
import type { DraftStep } from "./draft";
import { StepEditor } from "./StepEditor";
import classes from "./Steps.module.css";

export interface StepCardProps {
  step: DraftStep;
  position: number;
  count: number;
  opened: boolean;
  /** The subject of the thread's first email. */
  threadSubject: string;
  variantKey: string | null;
  faults: Record<string, string>;
  dragged: boolean;
  onVariant: (key: string) => void;
  onOpen: () => void;
  onChange: (changes: Partial<DraftStep>) => void;
  onEdit: (prefix: string) => void;
  onMove: (to: number) => void;
  onDuplicate: () => void;
  onRemove: () => void;
  onDrag: (position: number | null) => void;
  onDropHere: () => void;
}

export function StepCard(props: StepCardProps) {
  const { step, position, opened, threadSubject } = props;
  const { t } = useTranslation("salesflows");
  const readable = useReadable();
  const reply = position > 0 && step.thread === "reply";
  const own = step.variants[0]?.subject;
  const subject = reply
    ? t("steps.replyTo", { subject: readable(threadSubject) || t("steps.noSubject") })
    : readable(own ?? "") || t("steps.noSubject");
  const fault = Object.keys(props.faults).some((path) => path.startsWith(`steps.${position}.`));
  const Chevron = opened ? IconChevronUp : IconChevronDown;
  return (
    // Dragging is the mouse's way of moving; the menu is everybody's.
    <div
      className={classes.card}
      data-opened={opened || undefined}
      data-fault={fault || undefined}
      data-dragged={props.dragged || undefined}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        props.onDropHere();
      }}
    >
      <div className={classes.cardHead}>
        <span
          className={classes.grip}
          draggable
          title={t("steps.drag")}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", String(position));
            props.onDrag(position);
          }}
          onDragEnd={() => props.onDrag(null)}
        >
          <IconGripVertical size={15} stroke={1.5} />
        </span>
        <button
          type="button"
          className={classes.opener}
          aria-expanded={opened}
          aria-label={t("steps.open", { position: position + 1 })}
          onClick={props.onOpen}
        >
          <span className={classes.number}>{t("steps.number", { position: position + 1 })}</span>
          <span className={classes.summary}>{opened ? "" : subject}</span>
          {fault && <Mark tone="danger">{t("steps.fault")}</Mark>}
          {!opened && step.variants.length > 1 && (
            <Mark tone="accent">{t("steps.variants", { count: step.variants.length })}</Mark>
          )}
          <Chevron size={16} stroke={1.6} />
        </button>
        <StepMenu {...props} />
      </div>
      {opened && <StepEditor {...props} reply={reply} subject={subject} />}
    </div>
  );
}

function StepMenu({ position, count, onMove, onDuplicate, onRemove }: StepCardProps) {
  const { t } = useTranslation("salesflows");
  return (
    <Menu position="bottom-end" width={170}>
      <Menu.Target>
        <ActionIcon size="sm" aria-label={t("steps.menu", { position: position + 1 })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowUp size={15} />}
          disabled={position === 0}
          onClick={() => onMove(position - 1)}
        >
          {t("steps.up")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={15} />}
          disabled={position === count - 1}
          onClick={() => onMove(position + 1)}
        >
          {t("steps.down")}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={15} />} onClick={onDuplicate}>
          {t("steps.duplicate")}
        </Menu.Item>
        <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={onRemove}>
          {t("steps.remove")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
