import { Anchor, Text, Tooltip } from "@mantine/core";
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconClick,
  IconEye,
  IconFlag,
  IconMail,
  IconMailForward,
  IconNote,
  IconPlayerPause,
  IconPlayerPlay,
  IconRobot,
  IconSend,
  IconTag,
  IconUserMinus,
  IconUserPlus,
  IconUsers,
} from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Activity } from "@/api/types";
import { useFormat } from "@/shared/format";
import { Sign } from "@/shared/happened";
import { AnchorLink } from "@/shared/links";
import { Mark, type Tone } from "@/shared/marks";
import { reasonInWords } from "@/shared/reasons";
import { MergeOfTimeline } from "./duplicates/MergeOfTimeline";
import { NoteText } from "./page/NoteText";
import classes from "./Timeline.module.css";

type Icon = ComponentType<{ size?: number; stroke?: number }>;

const LOOKS = {
  contact_created: [IconUserPlus, "neutral"],
  contact_status_changed: [IconTag, "neutral"],
  contact_deleted: [IconUserMinus, "neutral"],
  contact_unsubscribed: [IconUserMinus, "danger"],
  contact_opted_in: [IconUserPlus, "positive"],
  contact_merged: [IconUsers, "neutral"],
  contact_unmerged: [IconUsers, "neutral"],
  salesflow_started: [IconSend, "accent"],
  salesflow_paused: [IconPlayerPause, "caution"],
  salesflow_resumed: [IconPlayerPlay, "accent"],
  salesflow_finished: [IconFlag, "neutral"],
  email_sent: [IconMailForward, "accent"],
  email_opened: [IconEye, "positive"],
  email_clicked: [IconClick, "positive"],
  email_replied: [IconArrowBackUp, "positive"],
  email_auto_replied: [IconRobot, "caution"],
  email_failed: [IconAlertTriangle, "danger"],
  note_added: [IconNote, "neutral"],
} satisfies Record<string, [Icon, Tone]>;

export const SIGN = 26;

type KnownType = keyof typeof LOOKS;
const isKnown = (type: string): type is KnownType => type in LOOKS;

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);

interface Props {
  contactId: string;
  activity: Activity;
  onEmail: (emailId: string) => void;
}

export function TimelineEntry({ contactId, activity, onEmail }: Props) {
  const { t } = useTranslation("contacts");
  const format = useFormat();
  const { type, detail } = activity;
  const known = isKnown(type);
  const [icon, tone] = known ? LOOKS[type] : ([IconMail, "neutral"] as const);
  const machine = detail?.by === "machine";
  const time = new Date(activity.at);
  return (
    <li className={classes.entry} data-machine={machine || undefined}>
      <Sign icon={icon} tone={machine ? "neutral" : tone} size={SIGN} />
      <div className={classes.body}>
        <div className={classes.line}>
          <Text span size="sm" fw={500} className={classes.what}>
            {known ? t(`timeline.${type}`) : reasonInWords(type)}
          </Text>
          {machine && <Mark hint={t("timeline.byMachineHint")}>{t("timeline.byMachine")}</Mark>}
          <About activity={activity} onEmail={onEmail} />
          <Tooltip label={format.exact(activity.at)}>
            <time className={classes.time} dateTime={time.toISOString()}>
              {format.time(activity.at)}
            </time>
          </Tooltip>
        </div>
        {activity.note ? (
          <NoteText contactId={contactId} note={activity.note} writtenBy={activity.user} writtenAt={activity.at} />
        ) : (
          <Detail activity={activity} contactId={contactId} />
        )}
      </div>
    </li>
  );
}

/** What it is about: the email, the Salesflow, the person who did it. */
function About({ activity, onEmail }: Omit<Props, "contactId">) {
  const { t } = useTranslation("contacts");
  const { email, salesflow, user, type } = activity;
  const parts: ReactNode[] = [];
  if (email && type.startsWith("email_")) {
    parts.push(
      <Anchor key="email" component="button" type="button" size="sm" onClick={() => onEmail(email.id)}>
        {email.subject || t("email.noSubject")}
      </Anchor>,
    );
  }
  if (salesflow && (type.startsWith("salesflow_") || type === "email_sent")) {
    parts.push(
      <Text key="salesflow" span size="sm" c="dimmed">
        {type === "email_sent" && `${t("timeline.in")} `}
        <AnchorLink to="/content/salesflows/$salesflowId" params={{ salesflowId: salesflow.id }} size="sm">
          {salesflow.name}
        </AnchorLink>
      </Text>,
    );
  }
  if (user && !type.startsWith("email_")) {
    parts.push(
      <Text key="user" span size="sm" c="dimmed">
        {t("timeline.by", { name: user.name })}
      </Text>,
    );
  }
  return parts.length > 0 && <span className={classes.about}>{parts}</span>;
}

function Detail({ activity, contactId }: Pick<Props, "activity" | "contactId">) {
  const { t } = useTranslation("contacts");
  const detail = (activity.detail ?? {}) as Record<string, unknown>;
  const said = textOf(detail.text);
  if (said) return <blockquote className={classes.quote}>{said}</blockquote>;
  const mergeId = textOf(detail.merge_id);
  if (activity.type === "contact_merged" && mergeId) {
    return <MergeOfTimeline contactId={contactId} mergeId={mergeId} />;
  }
  if (activity.type === "email_clicked") {
    const link = textOf(detail.link_text) ?? textOf(detail.url);
    return link && <Line title={textOf(detail.url)}>{link}</Line>;
  }
  if (activity.type === "email_failed") {
    const [code, said] = [textOf(detail.code), textOf(detail.reason)];
    const reason = said ?? code;
    if (!reason) return null;
    const bounce = detail.bounce === "soft" ? "soft" : "hard";
    // A receiver's own words stay as they are; what Engage or a provider found has a code.
    return (
      <Line title={said}>
        {detail.bounce ? t(`timeline.bounce.${bounce}`, { reason }) : reasonInWords(code ?? reason)}
      </Line>
    );
  }
  if (activity.type === "contact_status_changed") {
    const from = textOf(detail.from);
    const to = textOf(detail.to) ?? textOf(detail.status);
    return to && <Line>{from ? t("timeline.fromTo", { from, to }) : t("timeline.to", { to })}</Line>;
  }
  const reason = textOf(detail.reason);
  return activity.type.startsWith("salesflow_") && reason ? <Line>{reasonInWords(reason)}</Line> : null;
}

function Line({ children, title }: { children: ReactNode; title?: string | null }) {
  return (
    <Text size="sm" c="dimmed" title={title ?? undefined} className={classes.detail}>
      {children}
    </Text>
  );
}
