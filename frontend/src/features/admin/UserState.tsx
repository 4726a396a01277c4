import { useTranslation } from "react-i18next";
import type { ManagedUser } from "@/api/types";
import { Mark } from "@/shared/marks";
import { When } from "@/shared/When";
import classes from "./Admin.module.css";

const DAY = 86_400_000;

/** Days from now on, to the nearest; below zero when it is over. */
function daysUntil(at: string): number {
  const left = Date.parse(at) - Date.now();
  return left < 0 ? -1 : Math.round(left / DAY);
}

/** How a user stands: active and when last seen, invited and until when the link works, or deleted. */
export function UserState({ user, short = false }: { user: ManagedUser; short?: boolean }) {
  const { t } = useTranslation("admin");
  if (user.state === "deleted") return <Mark>{t("users.states.deleted")}</Mark>;
  if (user.state === "invited") return <Invited invitation={user.invitation} short={short} />;
  return (
    <span className={classes.state}>
      {!short && <Mark tone="positive">{t("users.states.active")}</Mark>}
      {!short && (
        <span className={classes.since}>
          {user.last_seen_at ? (
            <>
              {t("users.seen")} <When at={user.last_seen_at} inSentence />
            </>
          ) : (
            t("users.neverSeen")
          )}
        </span>
      )}
    </span>
  );
}

function Invited({ invitation, short }: { invitation: ManagedUser["invitation"]; short: boolean }) {
  const { t } = useTranslation("admin");
  if (!invitation) return <Mark>{t("users.revoked")}</Mark>;
  const days = daysUntil(invitation.expires_at);
  if (days < 0) return <Mark tone="caution">{t("users.expired")}</Mark>;
  return (
    <span className={classes.state}>
      <Mark tone="accent">{t("users.states.invited")}</Mark>
      {!short && (
        <span className={classes.since}>
          {invitation.sent_at ? (
            <>
              {t("users.sent")} <When at={invitation.sent_at} inSentence />
            </>
          ) : (
            t("users.sending")
          )}
          {", "}
          {days < 1 ? t("users.expiresToday") : t("users.expiresIn", { count: days })}
        </span>
      )}
    </span>
  );
}
