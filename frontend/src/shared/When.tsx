import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "./format";

interface Props {
  at: string;
  as?: "ago" | "moment" | "date";
  /** In the middle of a sentence words begin small: "sent just now". */
  inSentence?: boolean;
}

/** A time as people say it; the exact one, with its zone, on hover. */
export function When({ at, as = "ago", inSentence = false }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const said = format[as](at);
  const justNow = t("time.justNow");
  return (
    <Tooltip label={format.exact(at)}>
      <time dateTime={at}>{inSentence && said === justNow ? said.toLocaleLowerCase() : said}</time>
    </Tooltip>
  );
}
