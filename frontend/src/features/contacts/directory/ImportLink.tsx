import { IconUpload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ButtonLink, IconLink } from "@/shared/links";

/** The way to bring in contacts by a file; only its sign where there is little room. */
export function ImportLink() {
  const { t } = useTranslation("directory");
  const icon = <IconUpload size={15} stroke={1.6} />;
  return (
    <>
      <ButtonLink to="/contacts/imports/new" variant="default" leftSection={icon} visibleFrom="sm">
        {t("import")}
      </ButtonLink>
      <IconLink to="/contacts/imports/new" variant="default" size={32} hiddenFrom="sm" aria-label={t("import")}>
        {icon}
      </IconLink>
    </>
  );
}
