import { useTranslation } from "react-i18next";
import type { ContactImport } from "@/api/types";
import { useFormat } from "@/shared/format";
import classes from "./Imports.module.css";
import { OUTCOMES } from "./states";

/** What became of the rows: every one of them is in one of these numbers. */
export function Result({ file: { counts } }: { file: ContactImport }) {
  const { t } = useTranslation("imports");
  const { number } = useFormat();
  return (
    <section aria-label={t("result.title")}>
      <div className={classes.shares} aria-hidden>
        {counts.total > 0 &&
          OUTCOMES.map((each) => (
            <span key={each} data-outcome={each} style={{ flexGrow: counts[each] }} hidden={counts[each] === 0} />
          ))}
      </div>
      <dl className={classes.tiles}>
        {OUTCOMES.map((each) => (
          <div key={each} className={classes.tile}>
            <dt>
              <span className={classes.dot} data-outcome={each} aria-hidden />
              {t(`result.${each}`)}
            </dt>
            <dd>
              <span className={classes.value}>{number(counts[each])}</span>
              <span className={classes.tileWhy}>{t(`result.${each}Why`)}</span>
            </dd>
          </div>
        ))}
        <div className={classes.tile}>
          <dt>{t("result.total")}</dt>
          <dd>
            <span className={classes.value}>{number(counts.total)}</span>
            <span className={classes.tileWhy}>{t("result.totalWhy")}</span>
          </dd>
        </div>
      </dl>
    </section>
  );
}
