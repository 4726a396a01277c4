import { Outlet } from "@tanstack/react-router";
import { IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Page, PageHeader } from "@/shared/Page";
import { useMe } from "@/shared/session";
import { EmptyState } from "@/shared/states";
import { TabbedArea } from "@/shared/TabbedArea";

const SECTIONS = ["users", "contact-status", "contact-fields", "suppressions", "audit-log", "organization"] as const;
// Lists that take the height that is left.
const FILLING: readonly string[] = ["users", "suppressions", "audit-log"];

/** Administration, for Administrators: the guide's tabs, as far as they are there. */
export function AdminLayout() {
  const { t } = useTranslation("admin");
  const me = useMe();
  if (me?.role !== "administrator") {
    return (
      <Page>
        <PageHeader title={t("title")} />
        <EmptyState icon={IconLock} title={t("notAllowed.title")} why={t("notAllowed.why")} />
      </Page>
    );
  }
  return (
    <TabbedArea
      area="/admin"
      sections={SECTIONS}
      label={(each) => t(`tab.${each}`)}
      header={(shown) => <PageHeader title={t(`tab.${shown}`)} above={<span>{t("title")}</span>} />}
      fills={(shown) => FILLING.includes(shown)}
      gap={12}
    >
      <Outlet />
    </TabbedArea>
  );
}
