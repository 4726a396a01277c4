import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { faultsByField } from "@/api/errors";
import { replaceSteps, salesflowQuery } from "@/api/salesflows";
import { failed, said } from "@/shared/feedback";
import { type StepsDraft, toInput } from "./draft";

export interface Saving {
  /** Faults of the last save, by field path such as `steps.0.variants.1.subject`. */
  faults: Record<string, string>;
  pending: boolean;
  /** Saves when something changed; false when the server refused, which has been said. */
  save: (quietly?: boolean) => Promise<boolean>;
  /** A field was edited: what was said about it is no longer true. */
  forget: (prefix: string) => void;
  dirty: boolean;
}

export function useSaveSteps(salesflowId: string, draft: StepsDraft): Saving {
  const { t } = useTranslation("salesflows");
  const queryClient = useQueryClient();
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [pending, setPending] = useState(false);
  const save = async (quietly = false) => {
    if (!draft.dirty) return true;
    if (pending) return false;
    setPending(true);
    try {
      const saved = await replaceSteps(salesflowId, { steps: draft.steps.map(toInput) });
      queryClient.setQueryData(salesflowQuery(salesflowId).queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: ["salesflows"] });
      draft.reset(saved.steps);
      setFaults({});
      if (!quietly) said(t("saved"));
      return true;
    } catch (error) {
      setFaults(faultsByField(error));
      failed(error);
      return false;
    } finally {
      setPending(false);
    }
  };
  const forget = useCallback(
    (prefix: string) =>
      setFaults((now) =>
        Object.keys(now).some((path) => path.startsWith(prefix))
          ? Object.fromEntries(Object.entries(now).filter(([path]) => !path.startsWith(prefix)))
          : now,
      ),
    [],
  );
  return { faults, pending, save, forget, dirty: draft.dirty };
}
