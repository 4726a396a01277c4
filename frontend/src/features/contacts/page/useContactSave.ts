import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { contactQuery, updateContact } from "@/api/contacts";
import { isProblem } from "@/api/errors";
import type { Contact, ContactChanges } from "@/api/types";

/** Saves a change under the version that is shown; when somebody was faster, theirs is shown. */
export function useContactSave(contact: Contact) {
  const queryClient = useQueryClient();
  const { queryKey } = contactQuery(contact.id);
  return async (changes: ContactChanges) => {
    try {
      const latest = queryClient.getQueryData(queryKey) ?? contact;
      showSaved(queryClient, await updateContact(latest, changes));
    } catch (error) {
      if (isProblem(error) && error.status === 412) await queryClient.invalidateQueries({ queryKey });
      throw error;
    }
  };
}

/** What was answered is shown at once, so that the next change is made under its version. */
export function showSaved(queryClient: QueryClient, saved: Contact): void {
  queryClient.setQueryData(contactQuery(saved.id).queryKey, (shown) => shown && { ...shown, ...saved });
  void queryClient.invalidateQueries({ queryKey: ["contacts"] });
}
