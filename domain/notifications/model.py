"""A notification, and what becomes one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.activities.model import Activity
from domain.shared.ids import ActivityId, ContactId, EmailId, NotificationId, SalesflowId, UserId

Detail = Mapping[str, str | int | bool | None]


class NotificationKind(StrEnum):
    """What a user can be told of, in the words of the API."""

    EMAIL_OPENED = "email_opened"
    EMAIL_CLICKED = "email_clicked"
    EMAIL_REPLIED = "email_replied"
    EMAIL_FAILED = "email_failed"
    CONTACT_UNSUBSCRIBED = "contact_unsubscribed"
    CONNECTION_LOST = "connection_lost"
    USER_JOINED = "user_joined"


@dataclass(frozen=True, slots=True)
class Happened:
    """An activity of a contact who still exists, without what was removed since."""

    id: ActivityId
    activity: Activity


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell a user. What has the same `group` is one notification while it is unread."""

    kind: NotificationKind
    user_id: UserId
    group: str
    at: datetime
    contact_id: ContactId | None = None
    email_id: EmailId | None = None
    salesflow_id: SalesflowId | None = None
    detail: Detail = field(default_factory=dict)
    count: int = 1


@dataclass(frozen=True, slots=True)
class Told:
    """A notification as it stands after news were added; `mailed` is the count at its last email."""

    id: NotificationId
    kind: NotificationKind
    user_id: UserId
    contact_id: ContactId | None
    count: int
    mailed: int
    read: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Something by its id and name; an email may have lost its subject."""

    id: UUID
    name: str | None


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A notification with the names of what it points to; what was removed since is None."""

    id: NotificationId
    user_id: UserId
    kind: NotificationKind
    at: datetime
    read: bool
    count: int
    contact: Link | None
    email: Link | None
    salesflow: Link | None
    detail: Detail


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some of a user's notifications, newest first, and how many of all are unread."""

    items: tuple[FeedItem, ...]
    next_cursor: str | None
    unread: int
