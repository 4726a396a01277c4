import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PageHeader } from "@/shared/Page";
import { TabbedArea } from "@/shared/TabbedArea";
import classes from "./Account.module.css";
import { SetupReminder } from "./SetupReminder";

const SECTIONS = ["profile", "settings", "security"] as const;

export function AccountLayout() {
  const { t } = useTranslation("account");
  return (
    <TabbedArea
      area="/account"
      sections={SECTIONS}
      label={(each) => t(`tab.${each}`)}
      header={() => <PageHeader title={t("title")} />}
      gap={20}
    >
      <div className={classes.content}>
        <SetupReminder />
        <Outlet />
      </div>
    </TabbedArea>
  );
}
