import { ActionIcon, Menu, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconArchive, IconDots, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { archiveOwnField, changeOwnField } from "@/api/contactAdmin";
import type { OwnFieldDefinition } from "@/api/types";
import { confirmed, failed, undoable } from "@/shared/feedback";
import { useFormat } from "@/shared/format";
import { FieldDialog } from "./FieldDialog";
import { Handle } from "./Handle";
import classes from "./Lists.module.css";
import { useFieldsChanged } from "./useFieldsChanged";
import type { useOrder } from "./useOrder";

interface Props {
  field: OwnFieldDefinition;
  dragged: boolean;
  handle: ReturnType<ReturnType<typeof useOrder>["handle"]>;
}

/** An own field: its place, its name, what it holds. */
export function FieldRow({ field, dragged, handle }: Props) {
  const { t } = useTranslation("contactAdmin");
  const { t: common } = useTranslation();
  const { list } = useFormat();
  const [editing, setEditing] = useState(false);
  const archive = useArchive(field);
  return (
    <li className={classes.item} data-dragged={dragged || undefined}>
      <Handle label={field.label} {...handle} />
      <div className={classes.field}>
        <span className={classes.cut}>
          <Text span fw={500} size="sm">
            {field.label}
          </Text>
        </span>
        <Text size="sm" c="dimmed">
          {t(`fields.kinds.${field.kind}`)}
        </Text>
        <Text size="sm" c="dimmed" className={classes.cut} title={list(field.choices)}>
          {list(field.choices)}
        </Text>
      </div>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={28} aria-label={`${common("action.more")}: ${field.label}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setEditing(true)}>
            {common("action.edit")}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconArchive size={15} />} onClick={() => void archive()}>
            {t("fields.archive")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {editing && <FieldDialog field={field} onClose={() => setEditing(false)} />}
    </li>
  );
}

function useArchive({ id, label }: OwnFieldDefinition) {
  const { t } = useTranslation("contactAdmin");
  const changed = useFieldsChanged();
  const restoring = useMutation({
    mutationFn: () => changeOwnField(id, { archived: false }),
    onSuccess: changed,
    onError: failed,
  });
  const archiving = useMutation({
    mutationFn: () => archiveOwnField(id),
    onSuccess: async () => {
      undoable(t("fields.archived", { label }), () => restoring.mutate());
      await changed();
    },
    onError: failed,
  });
  return async () => {
    const question = { title: t("fields.archiveTitle", { label }), body: t("fields.archiveBody") };
    if (await confirmed({ ...question, confirm: t("fields.archive"), danger: true })) archiving.mutate();
  };
}
