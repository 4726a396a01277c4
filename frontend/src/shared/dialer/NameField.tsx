import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { renameVoicemail, voicemailsQuery } from "@/api/dialer";
import { faultsByField } from "@/api/errors";
import type { Voicemail } from "@/api/types";
import { explain } from "../explain";
import { said } from "../feedback";
import { useSubmission } from "../submission";

/** A name being changed in its place: Enter and leaving it save, Escape restores. */
export function NameField({ voicemail, onDone }: { voicemail: Voicemail; onDone: () => void }) {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const [name, setName] = useState(voicemail.name);
  const [missing, setMissing] = useState(false);
  const restored = useRef(false);
  // What was refused once is not asked for again by looking elsewhere.
  const asked = useRef(voicemail.name);
  const saving = useSubmission({
    mutationFn: renameVoicemail,
    onSuccess: async (saved) => {
      await queryClient.invalidateQueries({ queryKey: voicemailsQuery().queryKey });
      said(t("dialer.renamed", { name: saved.name }));
      onDone();
    },
  });
  const save = () => {
    const typed = name.trim();
    setMissing(!typed);
    if (!typed || restored.current) return;
    if (typed === voicemail.name) return onDone();
    asked.current = typed;
    saving.submit({ id: voicemail.id, name: typed });
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      // In a form around it, Enter would submit that.
      event.preventDefault();
      save();
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      restored.current = true;
      onDone();
    }
  };
  const refused = saving.error && (faultsByField(saving.error).name ?? explain(saving.error).detail);
  return (
    <TextInput
      aria-label={t("dialer.nameOf", { name: voicemail.name })}
      value={name}
      maxLength={120}
      readOnly={saving.isPending}
      error={missing ? common("form.required") : refused}
      // The person just chose to rename it.
      // eslint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setName(event.currentTarget.value)}
      onKeyDown={pressed}
      onBlur={() => (name.trim() !== asked.current || !saving.error) && save()}
    />
  );
}
