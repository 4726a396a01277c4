import { Text, VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import {
  IconArrowBackUp,
  IconClick,
  IconMailOff,
  IconMailOpened,
  IconMailX,
  IconPlugConnectedX,
  IconUserPlus,
} from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FeedItem } from "@/api/types";
import { Sign } from "@/shared/happened";
import type { Tone } from "@/shared/marks";
import { Sentence } from "@/shared/Sentence";
import { useMe } from "@/shared/session";
import { When } from "@/shared/When";
import { useDescription } from "./describe";
import classes from "./Feed.module.css";

const LOOKS: Record<FeedItem["kind"], [ComponentType<{ size?: number; stroke?: number }>, Tone]> = {
  email_opened: [IconMailOpened, "accent"],
  email_clicked: [IconClick, "accent"],
  email_replied: [IconArrowBackUp, "positive"],
  email_failed: [IconMailX, "danger"],
  contact_unsubscribed: [IconMailOff, "caution"],
  connection_lost: [IconPlugConnectedX, "danger"],
  user_joined: [IconUserPlus, "positive"],
};

export const SIGN = 28;

interface Props {
  item: FeedItem;
  unread: boolean;
  onFollow: () => void;
}

/** One notification: what happened, to which email, when; it leads to where it happened. */
export function FeedRow({ item, unread, onFollow }: Props) {
  const { t } = useTranslation("feed");
  const { sentence, about, excerpt } = useDescription(item);
  const [icon, tone] = LOOKS[item.kind];
  return (
    <Place item={item} onFollow={onFollow}>
      <Sign icon={icon} tone={tone} size={SIGN} />
      <span className={classes.text}>
        <span className={classes.sentence}>
          {unread && <VisuallyHidden>{t("unread")}: </VisuallyHidden>}
          <Sentence text={sentence} />
        </span>
        {about && (
          <Text span size="xs" c="dimmed" className={classes.about}>
            {about}
          </Text>
        )}
        {excerpt && (
          <Text span size="xs" className={classes.excerpt}>
            {excerpt}
          </Text>
        )}
      </span>
      <span className={classes.when}>
        <When at={item.at} />
        {unread && <span className={classes.dot} aria-hidden />}
      </span>
    </Place>
  );
}

function Place({ item, onFollow, children }: { item: FeedItem; onFollow: () => void; children: ReactNode }) {
  const me = useMe();
  const shared = { className: classes.row, onClick: onFollow };
  if (item.contact) {
    return (
      <Link
        to="/contacts/$contactId"
        params={{ contactId: item.contact.id }}
        search={item.email ? { email: item.email.id } : {}}
        {...shared}
      >
        {children}
      </Link>
    );
  }
  if (item.kind === "connection_lost") {
    return (
      <Link to="/account/settings" {...shared}>
        {children}
      </Link>
    );
  }
  if (item.kind === "user_joined" && me?.role === "administrator") {
    return (
      <Link to="/admin/users" {...shared}>
        {children}
      </Link>
    );
  }
  return <div className={classes.row}>{children}</div>;
}
