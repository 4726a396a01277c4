import { ActionIcon, Box, Burger, Kbd, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { spotlight } from "@mantine/spotlight";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { IconSearch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useCommands } from "@/shared/commands";
import { useFreshMe } from "@/shared/session";
import { useShortcuts } from "../shortcuts";
import { NavigationDrawer } from "./NavigationDrawer";
import { CommandPalette } from "./Palette";
import { SessionLost } from "./SessionLost";
import classes from "./Shell.module.css";
import { ShortcutSheet } from "./ShortcutSheet";
import { UserMenu } from "./UserMenu";

export const COMMAND_KEY = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

export function Shell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [sheet, { open: openSheet, close: closeSheet }] = useDisclosure();
  const [drawer, { open: openDrawer, close: closeDrawer }] = useDisclosure();
  useFreshMe();
  useShortcuts();
  useCommands([
    {
      id: "go.contacts",
      group: "go",
      title: t("nav.contacts"),
      keys: "g c",
      run: () => void navigate({ to: "/contacts" }),
    },
    {
      id: "go.salesflows",
      group: "go",
      title: t("nav.salesflows"),
      keys: "g s",
      run: () => void navigate({ to: "/content/salesflows" }),
    },
    {
      id: "create.contact",
      group: "create",
      title: t("nav.newContact"),
      run: () => void navigate({ to: "/contacts", search: { new: true } }),
    },
    {
      id: "create.salesflow",
      group: "create",
      title: t("nav.newSalesflow"),
      run: () => void navigate({ to: "/content/salesflows", search: { new: true } }),
    },
    {
      id: "account.profile",
      group: "account",
      title: t("nav.profile"),
      run: () => void navigate({ to: "/account/profile" }),
    },
    {
      id: "account.connect",
      group: "account",
      title: t("nav.connect"),
      run: () => void navigate({ to: "/account/connect" }),
    },
    {
      id: "account.tokens",
      group: "account",
      title: t("nav.tokens"),
      run: () => void navigate({ to: "/account/tokens" }),
    },
    { id: "help.shortcuts", group: "help", title: t("nav.shortcuts"), keys: "?", run: openSheet },
  ]);

  return (
    <>
      <a href="#content" className={classes.skip}>
        {t("nav.skip")}
      </a>
      <header className={classes.header}>
        <Burger hiddenFrom="sm" size="sm" opened={drawer} onClick={openDrawer} aria-label={t("nav.open")} />
        <Link to="/contacts" className={classes.brand}>
          <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width={22} height={22} />
          {t("product")}
        </Link>
        <Box component="nav" aria-label={t("nav.main")} className={classes.nav} visibleFrom="sm">
          <Link to="/contacts" className={classes.link}>
            {t("nav.contacts")}
          </Link>
          <Link to="/content/salesflows" className={classes.link}>
            {t("nav.content")}
          </Link>
        </Box>
        <div className={classes.spring} />
        <UnstyledButton className={classes.search} onClick={spotlight.open} visibleFrom="sm">
          <IconSearch size={15} stroke={1.6} />
          <Text span size="sm" className={classes.searchText}>
            {t("palette.open")}
          </Text>
          <Kbd size="xs" aria-hidden>{`${COMMAND_KEY} K`}</Kbd>
        </UnstyledButton>
        <ActionIcon hiddenFrom="sm" size={32} onClick={spotlight.open} aria-label={t("palette.open")}>
          <IconSearch size={18} stroke={1.6} />
        </ActionIcon>
        <UserMenu onShortcuts={openSheet} />
      </header>
      <main id="content" className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
      <NavigationDrawer opened={drawer} onClose={closeDrawer} />
      <CommandPalette />
      <ShortcutSheet opened={sheet} onClose={closeSheet} />
      <SessionLost />
    </>
  );
}
