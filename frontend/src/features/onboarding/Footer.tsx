import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./Footer.module.css";
import type { Wizard } from "./useWizard";

interface Props {
  wizard: Wizard;
  skippable?: boolean;
  /** Submits the form around it, or does this; null where there is nothing to continue with yet. */
  onContinue?: (() => void) | null;
  pending?: boolean;
  /** The id of the form that is submitted, where the footer stands outside of it. */
  form?: string;
}

/** Back, Skip, Continue: at the same place in every step. */
export function Footer({ wizard, skippable = true, onContinue, pending = false, form }: Props) {
  const { t } = useTranslation("onboarding");
  const busy = pending || wizard.isLeaving;
  return (
    <div className={classes.footer}>
      {wizard.back ? (
        <Button variant="subtle" color="gray" disabled={busy} onClick={wizard.back}>
          {t("back")}
        </Button>
      ) : (
        <span />
      )}
      <Group gap={8}>
        {skippable && (
          <Button variant="default" disabled={busy} onClick={() => wizard.leave("skipped")}>
            {t("skip")}
          </Button>
        )}
        {onContinue !== null && (
          <Button type={onContinue ? "button" : "submit"} form={form} loading={busy} onClick={onContinue}>
            {t("continue")}
          </Button>
        )}
      </Group>
    </div>
  );
}
