"""An activity and its kinds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.shared.ids import ActivityId, ContactId, EmailId, EnrollmentId, SalesflowId, UserId


class ActivityType(StrEnum):
    """What can happen, in the words of the API."""

    CONTACT_CREATED = "contact_created"
    CONTACT_STATUS_CHANGED = "contact_status_changed"
    CONTACT_DELETED = "contact_deleted"
    CONTACT_UNSUBSCRIBED = "contact_unsubscribed"
    SALESFLOW_STARTED = "salesflow_started"
    SALESFLOW_PAUSED = "salesflow_paused"
    SALESFLOW_RESUMED = "salesflow_resumed"
    SALESFLOW_FINISHED = "salesflow_finished"
    EMAIL_SENT = "email_sent"
    EMAIL_OPENED = "email_opened"
    EMAIL_CLICKED = "email_clicked"
    EMAIL_REPLIED = "email_replied"
    EMAIL_AUTO_REPLIED = "email_auto_replied"
    EMAIL_FAILED = "email_failed"


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that happened to a contact at a business time, and through whom and what.

    `detail` holds plain JSON values that belong to the type: a link, the text of a reply, the code of a bounce.
    """

    type: ActivityType
    at: datetime
    contact_id: ContactId
    user_id: UserId | None = None
    salesflow_id: SalesflowId | None = None
    enrollment_id: EnrollmentId | None = None
    email_id: EmailId | None = None
    detail: Mapping[str, str | int | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An activity as a timeline shows it: with the names of what it points to."""

    id: ActivityId
    activity: Activity
    user_name: str | None
    salesflow_name: str | None
    email_subject: str | None
