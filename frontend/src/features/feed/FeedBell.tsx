import { Drawer, Indicator, Popover, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { IconBell } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { FeedItem } from "@/api/types";
import { useCommands } from "@/shared/commands";
import classes from "./Feed.module.css";
import { FeedPanel } from "./FeedPanel";
import { announceReply } from "./ReplyToast";
import { useLiveFeed } from "./useFeed";

const SHOWN = 99;

/** The bell in the header: how much is unread, live; what it was, in a panel below or, on a narrow screen, beside. */
export function FeedBell() {
  const { t } = useTranslation("feed");
  const navigate = useNavigate();
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const [opened, { open, close, toggle }] = useDisclosure();
  const arrived = (item: FeedItem) => {
    if (item.kind !== "email_replied" || !item.contact || opened) return;
    const { id: contactId } = item.contact;
    announceReply(item, () => void navigate({ to: "/contacts/$contactId", params: { contactId } }));
  };
  const { feed, unread, mode, read } = useLiveFeed(arrived);
  useCommands([{ id: "go.feed", group: "go", title: t("title"), keys: "g f", run: open }]);

  const bell = (
    <UnstyledButton
      className={classes.bell}
      onClick={toggle}
      aria-label={unread > 0 ? t("openUnread", { count: unread }) : t("open")}
      aria-haspopup="dialog"
      aria-expanded={opened}
    >
      <Indicator
        label={unread > SHOWN ? t("many") : unread}
        disabled={unread === 0}
        size={16}
        offset={2}
        color="red"
        classNames={{ indicator: classes.count }}
      >
        <IconBell size={18} stroke={1.6} />
      </Indicator>
      <Text span size="sm" fw={500} visibleFrom="md">
        {t("title")}
      </Text>
    </UnstyledButton>
  );
  const panel = <FeedPanel feed={feed} unread={unread} live={mode !== "polling"} onRead={read} onClose={close} />;

  if (narrow) {
    return (
      <>
        {bell}
        <Drawer
          opened={opened}
          onClose={close}
          title={t("title")}
          size="100%"
          padding={0}
          classNames={{ content: classes.drawer, header: classes.drawerHead }}
        >
          {panel}
        </Drawer>
      </>
    );
  }
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && close()}
      position="bottom-end"
      width={400}
      shadow="md"
      trapFocus
      returnFocus
      closeOnEscape
      transitionProps={{ duration: 100 }}
    >
      <Popover.Target>{bell}</Popover.Target>
      <Popover.Dropdown p={0} aria-label={t("title")} className={classes.dropdown}>
        {opened && panel}
      </Popover.Dropdown>
    </Popover>
  );
}
