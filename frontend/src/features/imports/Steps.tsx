import { Link } from "@tanstack/react-router";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./Wizard.module.css";
import { type Step, STEPS } from "./search";

/** Where one is, and the way back. */
export function Steps({ step, fileId }: { step: Step; fileId: string | undefined }) {
  const { t } = useTranslation("imports");
  const at = STEPS.indexOf(step);
  return (
    <nav aria-label={t("wizard.steps")}>
      <ol className={classes.steps}>
        {STEPS.map((each, n) => (
          <li key={each} className={classes.stepItem} aria-current={each === step ? "step" : undefined}>
            <span className={classes.stepMark} data-state={n < at ? "done" : n === at ? "current" : "open"} aria-hidden>
              {n < at ? <IconCheck size={13} stroke={2.4} /> : n + 1}
            </span>
            {each === "match" && n < at && fileId ? (
              <Link to="/contacts/imports/new" search={{ import: fileId }} className={classes.stepLink}>
                {t(`wizard.${each}`)}
              </Link>
            ) : (
              <span>{t(`wizard.${each}`)}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
