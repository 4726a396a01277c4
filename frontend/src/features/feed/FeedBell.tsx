import { Indicator, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { IconBell } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { FeedItem } from "@/api/types";
import { useCommands } from "@/shared/commands";
import { HeaderPanel } from "@/shared/HeaderPanel";
import classes from "./Feed.module.css";
import { FeedPanel } from "./FeedPanel";
import { announceReply } from "./ReplyToast";
import { useLiveFeed } from "./useFeed";

const SHOWN = 99;

/** The bell in the header: how much is unread, live; what it was, in a panel below or, on a narrow screen, beside. */
export function FeedBell() {
  const { t } = useTranslation("feed");
  const navigate = useNavigate();
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

  return (
    <HeaderPanel title={t("title")} button={bell} panel={panel} opened={opened} onClose={close} classNames={classes} />
  );
}
