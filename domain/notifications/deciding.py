"""Who is told what, and by email: pure rules."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from domain.accounts.model import User, UserState
from domain.accounts.preferences import Frequency, NotificationChoices
from domain.activities.followers import Follower
from domain.activities.model import Activity, ActivityType
from domain.notifications.model import Detail, Happened, News, NotificationKind, Told
from domain.shared.ids import UserId

FOLLOW = "notifications.follow"
FOLLOWER = Follower(
    FOLLOW,
    frozenset(
        {
            ActivityType.EMAIL_OPENED,
            ActivityType.EMAIL_CLICKED,
            ActivityType.EMAIL_REPLIED,
            ActivityType.EMAIL_FAILED,
            ActivityType.CONTACT_UNSUBSCRIBED,
        }
    ),
)
# A user gets at most one email about a contact in this time.
ONE_EMAIL_IN = timedelta(minutes=1)
LONGEST_EXCERPT = 200

# What a user may want an email about, the most important first.
MAILED = (NotificationKind.EMAIL_FAILED, NotificationKind.EMAIL_CLICKED, NotificationKind.EMAIL_OPENED)


def news_of(happened: Happened) -> News | None:
    """What the sender is told; None for what machines did, and for what nobody sent."""
    activity = happened.activity
    if activity.user_id is None or activity.detail.get("by") == "machine":
        return None
    kind = NotificationKind(activity.type.value)
    return News(
        kind=kind,
        user_id=activity.user_id,
        group=f"{kind.value}:{activity.email_id or activity.contact_id}",
        at=activity.at,
        contact_id=activity.contact_id,
        email_id=activity.email_id,
        salesflow_id=activity.salesflow_id,
        detail=_detail(activity),
    )


def grouped(news: Iterable[News]) -> list[News]:
    """One for each user and group: counts add up, the newest tells the rest. In the order in which rows are locked."""
    found: dict[tuple[UserId, str], News] = {}
    for one in news:
        key = one.user_id, one.group
        known = found.get(key)
        if known is None:
            found[key] = one
        else:
            newer = one if one.at >= known.at else known
            found[key] = replace(newer, count=known.count + one.count)
    return [found[key] for key in sorted(found)]


def is_mailed(user: User, kind: NotificationKind) -> bool:
    """Whether the user wants an email about this, and can still get one."""
    return user.state is UserState.ACTIVE and _choice(user.notifications, kind) is Frequency.IMMEDIATELY


def by_importance(told: Iterable[Told]) -> Sequence[Told]:
    """Those that may be worth an email: of each user and contact the most important first."""
    mailed = [(one, one.contact_id) for one in told if one.kind in MAILED]
    in_order = sorted((one.user_id, of, MAILED.index(one.kind), one.id, one) for one, of in mailed if of)
    return [one for *_, one in in_order]


def _choice(choices: NotificationChoices, kind: NotificationKind) -> Frequency:
    match kind:
        case NotificationKind.EMAIL_OPENED:
            return choices.email_opened
        case NotificationKind.EMAIL_CLICKED:
            return choices.email_clicked
        case NotificationKind.EMAIL_FAILED:
            return choices.email_failed
        case _:
            return Frequency.NEVER


def _detail(activity: Activity) -> Detail:
    """What the feed shows of it beside the names."""
    told = activity.detail
    match activity.type:
        case ActivityType.EMAIL_CLICKED:
            return {"url": told.get("url"), "link_text": told.get("link_text")}
        case ActivityType.EMAIL_FAILED:
            return {"bounce": told.get("bounce"), "code": told.get("code"), "reason": told.get("reason")}
        case ActivityType.EMAIL_REPLIED:
            return {"text": _excerpt(str(told.get("text") or ""))}
        case _:
            return {}


def _excerpt(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_EXCERPT else plain[: LONGEST_EXCERPT - 1] + "…"
