import { Button, Group, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { writeNote } from "@/api/contacts";
import { faultsByField } from "@/api/errors";
import { useCommands } from "@/shared/commands";
import { failed } from "@/shared/feedback";
import { isEscapeFor } from "@/shared/keys";
import { useSubmission } from "@/shared/submission";
import classes from "./Notes.module.css";

export const LONGEST_NOTE = 10_000;

/** Whether a key asks for what was written to be kept. */
export const isSend = (event: KeyboardEvent<HTMLElement>) => event.key === "Enter" && (event.ctrlKey || event.metaKey);

/** Where something is written down about a contact: one line until there is something to say. */
export function NoteForm({ contactId }: { contactId: string }) {
  const { t } = useTranslation("contactPage");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const input = useRef<HTMLTextAreaElement>(null);
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const leave = () => {
    setOpen(false);
    setText("");
    input.current?.blur();
  };
  const writing = useSubmission({
    mutationFn: () => writeNote(contactId, text),
    onSuccess: async () => {
      leave();
      await queryClient.invalidateQueries({ queryKey: ["contacts", "activities", contactId] });
    },
    onError: (error) => {
      if (!faultsByField(error).text) failed(error);
    },
  });
  useCommands([
    { id: "contact.note", group: "page", title: t("note.write"), keys: "n", run: () => input.current?.focus() },
  ]);
  const save = () => {
    if (text.trim()) writing.submit();
  };
  return (
    // Keys are heard wherever in the form the focus is.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (isSend(event)) save();
        else if (isEscapeFor(event)) leave();
      }}
    >
      <Textarea
        ref={input}
        aria-label={t("note.write")}
        placeholder={t("note.placeholder")}
        autosize
        minRows={open ? 3 : 1}
        maxRows={12}
        maxLength={LONGEST_NOTE}
        value={text}
        error={faultsByField(writing.error).text}
        onFocus={() => setOpen(true)}
        onBlur={(event) => {
          if (!text.trim() && !event.currentTarget.form?.contains(event.relatedTarget)) leave();
        }}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {open && (
        <Group gap={8} mt={8}>
          <Button type="submit" size="compact-md" loading={writing.isPending} disabled={!text.trim()}>
            {t("note.save")}
          </Button>
          <Button variant="default" size="compact-md" onClick={leave}>
            {common("action.cancel")}
          </Button>
        </Group>
      )}
    </form>
  );
}
