import { useQueryClient } from "@tanstack/react-query";
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
      const saved = await updateContact(latest, changes);
      queryClient.setQueryData(queryKey, (shown) => shown && { ...shown, ...saved });
      void queryClient.invalidateQueries({ queryKey: ["contacts"] });
    } catch (error) {
      if (isProblem(error) && error.status === 412) await queryClient.invalidateQueries({ queryKey });
      throw error;
    }
  };
}
