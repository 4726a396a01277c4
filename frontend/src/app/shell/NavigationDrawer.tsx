import { Drawer } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "@/shared/session";
import classes from "./Shell.module.css";

export function NavigationDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Drawer opened={opened} onClose={onClose} position="left" size={280} title={t("product")}>
      <nav aria-label={t("nav.main")}>
        <Link to="/contacts" className={classes.drawerLink} onClick={onClose}>
          {t("nav.contacts")}
        </Link>
        <Link to="/content/salesflows" className={classes.drawerLink} onClick={onClose}>
          {t("nav.contentSalesflows")}
        </Link>
        <Link to="/account" className={classes.drawerLink} onClick={onClose}>
          {t("nav.account")}
        </Link>
        {me?.role === "administrator" && (
          <Link to="/admin" className={classes.drawerLink} onClick={onClose}>
            {t("nav.admin")}
          </Link>
        )}
      </nav>
    </Drawer>
  );
}
