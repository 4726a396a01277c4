import { Button } from "@mantine/core";
import { IconListDetails, IconPlus, IconUpload, IconUsers, IconZoomExclamation } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ButtonLink } from "@/shared/links";
import { EmptyState } from "@/shared/states";
import { conditionsOf, type ContactsSearch } from "./search";

interface Props {
  search: ContactsSearch;
  filtered: boolean;
  onClear: () => void;
  onNew: () => void;
}

/** Why nobody is shown, and what to do about it. */
export function Nobody({ search, filtered, onClear, onNew }: Props) {
  const { t } = useTranslation("contacts");
  const { t: words } = useTranslation("directory");
  if (!filtered) {
    return (
      <EmptyState icon={IconUsers} title={t("empty.title")} why={t("empty.why")}>
        <Button leftSection={<IconPlus size={16} />} onClick={onNew}>
          {t("new.title")}
        </Button>
        <ButtonLink to="/contacts/imports/new" variant="default" leftSection={<IconUpload size={15} stroke={1.6} />}>
          {words("import")}
        </ButtonLink>
      </EmptyState>
    );
  }
  const onlyList = search.list !== undefined && !search.q && Object.keys(conditionsOf(search)).length === 1;
  return (
    <EmptyState
      icon={onlyList ? IconListDetails : IconZoomExclamation}
      title={onlyList ? words("list.emptyList") : t("noMatch.title")}
      why={onlyList ? words("list.emptyListWhy") : t("noMatch.why")}
    >
      <Button variant="default" onClick={onClear}>
        {t("clearFilters")}
      </Button>
    </EmptyState>
  );
}
