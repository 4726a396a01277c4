import { ActionIcon, Button, Group, Menu, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeNote, deleteNote } from "@/api/contacts";
import { faultsByField, isProblem } from "@/api/errors";
import type { Activity } from "@/api/types";
import { explain } from "@/shared/explain";
import { confirmed, failed, said } from "@/shared/feedback";
import { isEscapeFor } from "@/shared/keys";
import { useMe } from "@/shared/session";
import { isSend, LONGEST_NOTE } from "./NoteForm";
import classes from "./Notes.module.css";

type WrittenNote = NonNullable<Activity["note"]>;
interface Props {
  contactId: string;
  note: WrittenNote;
  writtenBy: Activity["user"];
  writtenAt: string;
}

/** A note in the timeline; who wrote it and Administrators change it where it stands. */
export function NoteText({ contactId, note, writtenBy, writtenAt }: Props) {
  const { t } = useTranslation("contactPage");
  const me = useMe();
  const [editing, setEditing] = useState(false);
  if (editing) return <Editor contactId={contactId} note={note} onDone={() => setEditing(false)} />;
  const mine = me?.role === "administrator" || (writtenBy !== null && writtenBy.id === me?.id);
  return (
    <div className={classes.note}>
      <div className={classes.text}>
        {note.text}
        {note.updated_at !== writtenAt && (
          <Text span size="xs" c="dimmed" ml={6}>
            {t("note.edited")}
          </Text>
        )}
      </div>
      {mine && <NoteMenu contactId={contactId} note={note} onEdit={() => setEditing(true)} />}
    </div>
  );
}

function NoteMenu({ contactId, note, onEdit }: { contactId: string; note: WrittenNote; onEdit: () => void }) {
  const { t } = useTranslation("contactPage");
  const queryClient = useQueryClient();
  const removing = useMutation({
    mutationFn: () => deleteNote(contactId, note.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["contacts", "activities", contactId] });
      said(t("note.deleted"));
    },
    onError: failed,
  });
  const remove = async () => {
    const question = { title: t("note.deleteTitle"), body: t("note.deleteBody"), confirm: t("note.delete") };
    if (await confirmed({ ...question, danger: true })) removing.mutate();
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="sm" aria-label={t("note.more")} loading={removing.isPending}>
          <IconDots size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={15} />} onClick={onEdit}>
          {t("note.edit")}
        </Menu.Item>
        <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => void remove()}>
          {t("note.delete")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Editor({ contactId, note, onDone }: { contactId: string; note: WrittenNote; onDone: () => void }) {
  const { t } = useTranslation("contactPage");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const [text, setText] = useState(note.text);
  const queryKey = ["contacts", "activities", contactId];
  const saving = useMutation({
    mutationFn: () => changeNote(contactId, note, text),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey });
      onDone();
    },
    // What somebody else has written is fetched, so that saving again is a decision.
    onError: (error) => {
      if (isProblem(error, "version_mismatch")) void queryClient.invalidateQueries({ queryKey });
    },
  });
  const told = () => {
    if (!saving.error) return null;
    if (isProblem(saving.error, "version_mismatch")) return t("conflict");
    return faultsByField(saving.error).text ?? explain(saving.error).detail;
  };
  const save = () => {
    if (!text.trim() || saving.isPending) return;
    if (text.trim() === note.text) onDone();
    else saving.mutate();
  };
  return (
    // Keys are heard wherever in the editor the focus is.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={classes.editor}
      onKeyDown={(event) => {
        if (isSend(event)) save();
        else if (isEscapeFor(event)) onDone();
      }}
    >
      <Textarea
        aria-label={t("note.text")}
        autosize
        minRows={3}
        maxRows={12}
        maxLength={LONGEST_NOTE}
        // The person just chose to edit this note.
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={text}
        error={told()}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group gap={8} mt={8}>
        <Button size="compact-md" loading={saving.isPending} disabled={!text.trim()} onClick={save}>
          {common("action.save")}
        </Button>
        <Button variant="default" size="compact-md" onClick={onDone}>
          {common("action.cancel")}
        </Button>
      </Group>
    </div>
  );
}
