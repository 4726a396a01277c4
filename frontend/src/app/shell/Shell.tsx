import { ActionIcon, Box, Burger, Kbd, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { spotlight } from "@mantine/spotlight";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { IconSearch } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { FeedBell } from "@/features/feed/FeedBell";
import { useCommands } from "@/shared/commands";
import { JobTray } from "@/shared/jobs/JobTray";
import { useFreshMe, useMe } from "@/shared/session";
import { askForTour } from "@/shared/tour";
import { useShortcuts } from "../shortcuts";
import { useAdminCommands } from "./adminCommands";
import { NavigationDrawer } from "./NavigationDrawer";
import { Tour } from "../tour/Tour";
import { CommandPalette } from "./Palette";
import { SecondFactorGate } from "./SecondFactorGate";
import { SessionLost } from "./SessionLost";
import classes from "./Shell.module.css";
import { ShortcutSheet } from "./ShortcutSheet";
import { UserMenu } from "./UserMenu";

const onMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The key of the palette, as it stands on the keyboard. */
export const paletteKeys = (t: TFunction) => `${onMac ? "⌘" : t("palette.control")} K`;

export function Shell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [sheet, { open: openSheet, close: closeSheet }] = useDisclosure();
  const [drawer, { open: openDrawer, close: closeDrawer }] = useDisclosure();
  const me = useMe();
  useFreshMe();
  useShortcuts();
  useAdminCommands();
  useCommands([
    {
      id: "go.contacts",
      group: "go",
      title: t("nav.contacts"),
      keys: "g c",
      run: () => void navigate({ to: "/contacts" }),
    },
    {
      id: "go.lists",
      group: "go",
      title: t("contactPages.lists"),
      keys: "g l",
      run: () => void navigate({ to: "/contacts/lists" }),
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
      id: "account.settings",
      group: "account",
      title: t("nav.settings"),
      run: () => void navigate({ to: "/account/settings" }),
    },
    {
      id: "account.security",
      group: "account",
      title: t("nav.security"),
      run: () => void navigate({ to: "/account/security" }),
    },
    { id: "help.shortcuts", group: "help", title: t("nav.shortcuts"), keys: "?", run: openSheet },
    { id: "help.tour", group: "help", title: t("nav.tour"), run: askForTour },
  ]);

  return (
    <>
      <a href="#content" className={classes.skip}>
        {t("nav.skip")}
      </a>
      <header className={classes.header}>
        <Burger
          hiddenFrom="sm"
          size="sm"
          opened={drawer}
          onClick={openDrawer}
          aria-label={t("nav.open")}
          data-tour="contacts salesflows"
        />
        <Link to="/contacts" className={classes.brand}>
          <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width={22} height={22} />
          {t("product")}
        </Link>
        <Box component="nav" aria-label={t("nav.main")} className={classes.nav} visibleFrom="sm">
          <Link to="/contacts" className={classes.link} data-tour="contacts">
            {t("nav.contacts")}
          </Link>
          <Link to="/content/salesflows" className={classes.link} data-tour="salesflows">
            {t("nav.content")}
          </Link>
        </Box>
        <div className={classes.spring} />
        <UnstyledButton className={classes.search} onClick={spotlight.open} visibleFrom="sm">
          <IconSearch size={15} stroke={1.6} />
          <Text span size="sm" className={classes.searchText}>
            {t("palette.open")}
          </Text>
          <Kbd size="xs" aria-hidden>
            {paletteKeys(t)}
          </Kbd>
        </UnstyledButton>
        <ActionIcon hiddenFrom="sm" size={32} onClick={spotlight.open} aria-label={t("palette.open")}>
          <IconSearch size={18} stroke={1.6} />
        </ActionIcon>
        {!me?.must_set_up_second_factor && <JobTray />}
        <div data-tour="feed">{!me?.must_set_up_second_factor && <FeedBell />}</div>
        <div data-tour="account">
          <UserMenu onShortcuts={openSheet} />
        </div>
      </header>
      <main id="content" className={classes.main} tabIndex={-1}>
        <SecondFactorGate>
          <Outlet />
        </SecondFactorGate>
      </main>
      <NavigationDrawer opened={drawer} onClose={closeDrawer} />
      <CommandPalette />
      <ShortcutSheet opened={sheet} onClose={closeSheet} />
      <SessionLost />
      <Tour />
    </>
  );
}
