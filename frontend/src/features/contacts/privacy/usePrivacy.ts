import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { optOut, takeOptOutBack } from "@/api/people";
import type { Contact, ContactDetail } from "@/api/types";
import { confirmed, failed, said } from "@/shared/feedback";
import { showSaved, useContactSave } from "../page/useContactSave";

/** Whether a contact is written to and called, as somebody puts it on record. */
export function usePrivacy(contact: ContactDetail) {
  const { t } = useTranslation("people");
  const queryClient = useQueryClient();
  const { name } = contact;
  const save = useContactSave(contact);
  const changed = (message: string) => (saved: Contact) => {
    showSaved(queryClient, saved);
    said(message);
  };
  const optingOut = useMutation({
    mutationFn: () => optOut(contact.id),
    onSuccess: changed(t("privacy.optedOut", { name })),
    onError: failed,
  });
  const optingIn = useMutation({
    mutationFn: () => takeOptOutBack(contact.id),
    onSuccess: changed(t("privacy.optedIn", { name })),
    onError: failed,
  });
  const calling = useMutation({
    mutationFn: (do_not_call: boolean) => save({ do_not_call }),
    onSuccess: (_, doNot) => said(t(doNot ? "privacy.doNotCallDone" : "privacy.callDone", { name })),
    onError: failed,
  });
  return {
    optOut: async () => {
      const title = t("privacy.optOutTitle", { name });
      const asked = { title, body: t("privacy.optOutBody"), confirm: t("privacy.optOut"), danger: true };
      if (await confirmed(asked)) optingOut.mutate();
    },
    optIn: async () => {
      const title = t("privacy.optInTitle", { name });
      if (await confirmed({ title, body: t("privacy.optInBody"), confirm: t("privacy.optIn") })) optingIn.mutate();
    },
    setDoNotCall: (doNot: boolean) => calling.mutate(doNot),
  };
}
