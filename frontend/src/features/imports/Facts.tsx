import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listsQuery } from "@/api/directory";
import type { ContactImport } from "@/api/types";
import { usersQuery } from "@/api/users";
import { Fact } from "@/shared/EditSection";
import { AnchorLink } from "@/shared/links";
import { When } from "@/shared/When";
import { fieldName } from "./fields";
import classes from "./Imports.module.css";
import { useOwnFields } from "./ownFields";
import { useSize } from "./sizes";

/** How it was started. */
export function Facts({ file }: { file: ContactImport }) {
  const { t, i18n } = useTranslation("imports");
  const own = useOwnFields();
  const size = useSize(file.bytes);
  const users = useQuery(usersQuery()).data?.items;
  const lists = useQuery(listsQuery()).data;
  const { options } = file;
  if (!options) return null;
  const nameOf = (id: string | null) => users?.find((user) => user.id === id)?.name;
  const list = lists?.find(({ id }) => id === options.list_id);
  const owner = nameOf(options.owner_id ?? file.user_id);
  const country = options.default_country
    ? new Intl.DisplayNames(i18n.language, { type: "region" }).of(options.default_country)
    : null;
  const columns = Object.entries(options.mapping).map(([name, field]) => {
    const said = fieldName(t, field, own);
    return said === name ? name : `${name} → ${said}`;
  });
  return (
    <section className={classes.facts} aria-label={t("facts.title")}>
      <dl>
        {list && (
          <Fact label={t("options.list")}>
            <AnchorLink inherit to="/contacts" search={{ list: list.id }}>
              {t("facts.showList", { name: list.name })}
            </AnchorLink>
          </Fact>
        )}
        <Fact label={t("facts.started")}>
          {file.started_at ? <When at={file.started_at} as="moment" /> : t("state.running")}
        </Fact>
        {file.finished_at && (
          <Fact label={t("facts.finished")}>
            <When at={file.finished_at} as="moment" />
          </Fact>
        )}
        {nameOf(file.user_id) && <Fact label={t("list.by")}>{nameOf(file.user_id)}</Fact>}
        <Fact label={t("facts.file")}>{`${file.name}, ${size}`}</Fact>
        <Fact label={t("options.existing")}>{t(`options.${options.on_existing}`)}</Fact>
        {owner && <Fact label={t("options.owner")}>{owner}</Fact>}
        {options.status && <Fact label={t("options.status")}>{options.status}</Fact>}
        {country && <Fact label={t("options.country")}>{country}</Fact>}
        <Fact label={t("facts.columns")}>{columns.join(", ")}</Fact>
      </dl>
    </section>
  );
}
