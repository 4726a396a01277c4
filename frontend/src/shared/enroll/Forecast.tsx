import { Skeleton, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Enrolled } from "@/api/types";
import { Refusal } from "../EditSection";
import { useFormat } from "../format";
import { reasonInWords } from "../reasons";
import { When } from "../When";
import classes from "./Forecast.module.css";

const NAMED = 4;

/** What Start will do: how many get emails, from when, and who is left out for which reason. */
export function Forecast({ asked, result, error }: { asked: boolean; result: Enrolled | undefined; error: unknown }) {
  const { t } = useTranslation("enrollment");
  const { number } = useFormat();
  if (error) return <Refusal error={error} />;
  if (!asked) return <div className={classes.box}>{t("add.choose")}</div>;
  if (!result) {
    return (
      <div className={classes.box} aria-busy aria-label={t("add.checking")}>
        <Skeleton h={12} w="60%" my={4} />
      </div>
    );
  }
  const { enrolled, left_out } = result;
  return (
    <div className={classes.box} aria-live="polite">
      <Text size="sm" fw={500} className={classes.strong}>
        {enrolled > 0 ? t("add.will", { count: enrolled, total: number(enrolled) }) : t("add.nobody")}
      </Text>
      {enrolled > 0 && result.first_due_at && (
        <Text size="sm">
          {t("add.first")} <When at={result.first_due_at} as="moment" />.
        </Text>
      )}
      {left_out.length > 0 && (
        <div className={classes.out}>
          <Text size="sm" fw={500}>
            {t("add.leftOut", { count: left_out.length, total: number(left_out.length) })}
          </Text>
          <ul>
            {byReason(left_out).map(([reason, people]) => (
              <li key={reason}>
                <span>{reasonInWords(reason)}: </span>
                {people
                  .slice(0, NAMED)
                  .map(({ name, detail }) =>
                    detail && reason === "missing_merge_field" ? `${name} (${detail})` : name,
                  )
                  .filter(Boolean)
                  .join(", ")}
                {people.length > NAMED && ` ${t("add.more", { count: people.length - NAMED })}`}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function byReason(left: Enrolled["left_out"]) {
  const groups = new Map<string, Enrolled["left_out"]>();
  for (const each of left) groups.set(each.reason, [...(groups.get(each.reason) ?? []), each]);
  return [...groups].sort(([, one], [, other]) => other.length - one.length);
}
