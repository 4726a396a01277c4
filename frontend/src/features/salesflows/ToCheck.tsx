import { Text } from "@mantine/core";
import { IconMailQuestion } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Salesflow } from "@/api/types";
import { useFormat } from "@/shared/format";
import { AnchorLink } from "@/shared/links";
import { Mark } from "@/shared/marks";
import { TO_CHECK } from "./search";
import classes from "./ToCheck.module.css";

const CHECKING = { tab: "contacts", state: TO_CHECK } as const;

function useWords({ counts }: Pick<Salesflow, "counts">) {
  const { t } = useTranslation("salesflows");
  const { number } = useFormat();
  const count = counts.needs_human;
  const words = { count, total: number(count) };
  return { count, mark: t("toCheck.mark", words), why: t("toCheck.why", words), show: t("toCheck.show") };
}

/** In a list: how many emails of this Salesflow wait for somebody to say whether they left. */
export function ToCheckMark({ salesflow }: { salesflow: Salesflow }) {
  const { count, mark, why } = useWords(salesflow);
  if (count === 0) return null;
  return (
    <AnchorLink
      to="/content/salesflows/$salesflowId"
      params={{ salesflowId: salesflow.id }}
      search={CHECKING}
      className={classes.mark}
    >
      <Mark tone="caution" hint={why}>
        {mark}
      </Mark>
    </AnchorLink>
  );
}

/** On the Salesflow's page: the same in words, with the way to those contacts. */
export function ToCheckLine({ salesflow, open }: { salesflow: Salesflow; open: boolean }) {
  const { count, why, show } = useWords(salesflow);
  if (count === 0) return null;
  return (
    <div>
      <div className={classes.line}>
        <IconMailQuestion size={18} stroke={1.7} className={classes.icon} aria-hidden />
        <Text size="sm">
          {why}{" "}
          {!open && (
            <AnchorLink
              to="/content/salesflows/$salesflowId"
              params={{ salesflowId: salesflow.id }}
              search={CHECKING}
              size="sm"
              underline="always"
            >
              {show}
            </AnchorLink>
          )}
        </Text>
      </div>
    </div>
  );
}
