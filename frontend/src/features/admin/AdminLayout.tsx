import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { Tabs } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Page, PageHeader } from "@/shared/Page";
import { useMe } from "@/shared/session";
import { EmptyState } from "@/shared/states";
import classes from "./Admin.module.css";

const TABS = ["users", "audit-log", "organization"] as const;

/** Administration, for Administrators: the guide's tabs, as far as they are there. */
export function AdminLayout() {
  const { t } = useTranslation("admin");
  const navigate = useNavigate();
  const me = useMe();
  const path = useLocation({ select: (location) => location.pathname });
  const tab = TABS.find((each) => path.includes(`/admin/${each}`)) ?? "users";
  if (me?.role !== "administrator") {
    return (
      <Page>
        <PageHeader title={t("title")} />
        <EmptyState icon={IconLock} title={t("notAllowed.title")} why={t("notAllowed.why")} />
      </Page>
    );
  }
  return (
    <Page fill={tab !== "organization"}>
      <PageHeader title={t(`tab.${tab}`)} above={<span>{t("title")}</span>} />
      <Tabs
        value={tab}
        onChange={(next) => next && void navigate({ to: `/admin/${next}` as "/admin/users" })}
        className={classes.tabs}
      >
        <Tabs.List>
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each} aria-controls={undefined}>
              {t(`tab.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <Outlet />
    </Page>
  );
}
