import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import classes from "./ContactsTabs.module.css";

/** The pages about contacts as a whole, below the title of each of them. */
export function ContactsTabs() {
  const { t } = useTranslation();
  const exactly = { exact: true, includeSearch: false };
  return (
    <nav aria-label={t("contactPages.label")}>
      <div className={classes.tabs}>
        <Link to="/contacts" activeOptions={exactly} className={classes.tab}>
          {t("contactPages.all")}
        </Link>
        <Link to="/contacts/lists" className={classes.tab}>
          {t("contactPages.lists")}
        </Link>
        <Link to="/contacts/imports" className={classes.tab}>
          {t("contactPages.imports")}
        </Link>
        <Link to="/contacts/duplicates" className={classes.tab}>
          {t("contactPages.duplicates")}
        </Link>
      </div>
    </nav>
  );
}
