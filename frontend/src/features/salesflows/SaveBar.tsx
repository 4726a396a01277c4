import { Button, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import type { Step } from "@/api/types";
import { useUnsavedGuard } from "@/shared/unsaved";
import type { StepsDraft } from "./draft";
import classes from "./SaveBar.module.css";
import type { Saving } from "./useSaveSteps";

interface Props {
  draft: StepsDraft;
  saving: Saving;
  saved: Step[];
}

/** Says that there are unsaved steps, saves or discards them, and asks before they would be lost. */
export function SaveBar({ draft, saving, saved }: Props) {
  const { t } = useTranslation("salesflows");
  const { t: common } = useTranslation();
  useUnsavedGuard(draft.dirty);
  useHotkeys([["mod+S", () => void saving.save()]], []);
  if (!draft.dirty) return null;
  return (
    <div className={classes.bar} role="region" aria-label={t("unsaved")}>
      <Text size="sm" fw={500}>
        {t("unsaved")}
      </Text>
      <div className={classes.buttons}>
        <Button variant="default" onClick={() => draft.reset(saved)}>
          {t("discard")}
        </Button>
        <Button loading={saving.pending} onClick={() => void saving.save()}>
          {common("action.save")}
        </Button>
      </div>
    </div>
  );
}
