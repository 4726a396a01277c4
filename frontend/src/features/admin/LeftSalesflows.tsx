import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import classes from "./Admin.module.css";

const NAMED = 5;

interface Props {
  lead: string;
  salesflows: { id: string; name: string; enrollments: number }[];
}

/** In which Salesflows how many contacts are. */
export function LeftSalesflows({ lead, salesflows }: Props) {
  const { t } = useTranslation("admin");
  const { number } = useFormat();
  return (
    <div className={classes.effects}>
      {lead}
      <ul>
        {salesflows.slice(0, NAMED).map(({ id, name, enrollments }) => (
          <li key={id}>{t("remove.salesflow", { name, total: number(enrollments) })}</li>
        ))}
        {salesflows.length > NAMED && <li>{t("remove.more", { count: salesflows.length - NAMED })}</li>}
      </ul>
    </div>
  );
}
