import { Anchor } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { Blank } from "@/shared/marks";
import type { OwnField } from "./ownFields";

/** A value of one of the organization's own fields, as people read it. */
export function OwnValue({ field, value }: { field: OwnField; value: unknown }) {
  const { t } = useTranslation("directory");
  const { t: common } = useTranslation();
  const { civil, number } = useFormat();
  if (value === undefined || value === null || value === "") return <Blank label={common("blank")} />;
  if (typeof value === "boolean") return t(`own.${value}`);
  const said = String(value);
  if (field.kind === "number") return Number.isFinite(Number(said)) ? number(Number(said)) : said;
  if (field.kind === "date") return Number.isNaN(Date.parse(said)) ? said : civil(said);
  if (field.kind !== "url" || !/^https?:/i.test(said)) return said;
  return (
    <Anchor href={said} target="_blank" rel="noreferrer" size="sm">
      {said.replace(/^https?:\/\//i, "")}
    </Anchor>
  );
}
