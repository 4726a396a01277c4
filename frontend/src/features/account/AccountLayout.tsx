import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Page, PageHeader } from "@/shared/Page";
import classes from "./Account.module.css";
import { SetupReminder } from "./SetupReminder";

const TABS = ["profile", "settings", "security"] as const;

export function AccountLayout() {
  const { t } = useTranslation("account");
  const navigate = useNavigate();
  const path = useLocation({ select: (location) => location.pathname });
  const tab = TABS.find((each) => path.includes(`/account/${each}`)) ?? "profile";
  return (
    <Page>
      <PageHeader title={t("title")} />
      <Tabs
        value={tab}
        onChange={(next) => next && void navigate({ to: `/account/${next}` as "/account/profile" })}
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
      <div className={classes.content}>
        <SetupReminder />
        <Outlet />
      </div>
    </Page>
  );
}
