import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { mergeContacts, undoMerge } from "@/api/people";
import type { MergedContact } from "@/api/types";
import { failed, said, undoable } from "@/shared/feedback";
import { useSubmission } from "@/shared/submission";

/** What shows contacts asks again. */
export function usePeopleChanged(): () => void {
  const queryClient = useQueryClient();
  return () => {
    for (const key of ["contacts", "duplicates", "contact-lists"]) {
      void queryClient.invalidateQueries({ queryKey: [key] });
    }
  };
}

/** Takes merges back, the last one first, and says who is there again. */
export function useUndoMerge() {
  const { t } = useTranslation("people");
  const changed = usePeopleChanged();
  return useSubmission({
    mutationFn: async (mergeIds: string[]) => {
      const names: string[] = [];
      for (const id of [...mergeIds].reverse()) names.push((await undoMerge(id)).name);
      return names;
    },
    onSuccess: (names) => {
      changed();
      names.forEach((name) => said(t("merge.undone", { name })));
    },
    onError: failed,
  });
}

/** Merges, and offers to take it back. */
export function useMerging(onMerged: (contact: MergedContact) => void) {
  const { t } = useTranslation("people");
  const changed = usePeopleChanged();
  const { submit: undo } = useUndoMerge();
  return useSubmission({
    mutationFn: mergeContacts,
    onSuccess: (contact) => {
      changed();
      undoable(t("merge.done", { name: contact.name }), () => undo(contact.merge_ids));
      onMerged(contact);
    },
  });
}
