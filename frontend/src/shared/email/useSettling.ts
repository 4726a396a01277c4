import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { settleEmail } from "@/api/emails";
import type { Settlement } from "@/api/types";
import { confirmed, failed, said } from "../feedback";

const CHANGED = ["emails", "salesflows", "contacts"];

/** Takes a person's word about what became of an email: neither answer can be taken back, so both ask first. */
export function useSettling(emailId: string, contact: string) {
  const { t } = useTranslation("enrollment");
  const queryClient = useQueryClient();
  const settling = useMutation({
    mutationFn: (outcome: Settlement) => settleEmail(emailId, outcome),
    onSuccess: (_email, outcome) => said(t(`settle.done_${outcome}`, { contact })),
    onError: failed,
    onSettled: () => Promise.all(CHANGED.map((key) => queryClient.invalidateQueries({ queryKey: [key] }))),
  });
  const decide = async (outcome: Settlement) => {
    const title = t(`settle.title_${outcome}`, { contact });
    const question = { title, body: t(`settle.body_${outcome}`), confirm: t(`settle.${outcome}`) };
    if (await confirmed({ ...question, danger: outcome === "not_sent" })) settling.mutate(outcome);
  };
  return { decide, pending: settling.isPending ? settling.variables : undefined };
}
