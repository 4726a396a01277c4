"""An activity and its kinds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.shared.ids import ActivityId, ContactId, ContactNoteId, EmailId, EnrollmentId, SalesflowId, UserId


class ActivityType(StrEnum):
    """What can happen, in the words of the API."""

    CONTACT_CREATED = "contact_created"
    CONTACT_STATUS_CHANGED = "contact_status_changed"
    CONTACT_DELETED = "contact_deleted"
    CONTACT_UNSUBSCRIBED = "contact_unsubscribed"
    CONTACT_OPTED_IN = "contact_opted_in"
    CONTACT_MERGED = "contact_merged"
    CONTACT_UNMERGED = "contact_unmerged"
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
    NOTE_ADDED = "note_added"


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


class TimelineKind(StrEnum):
    """What a timeline can be narrowed to."""

    EMAILS = "emails"
    CALLS = "calls"
    CONTENT = "content"
    SALESFLOWS = "salesflows"
    NOTES = "notes"


OF_KIND: Mapping[TimelineKind, frozenset[ActivityType]] = {
    TimelineKind.EMAILS: frozenset(
        {
            ActivityType.EMAIL_SENT,
            ActivityType.EMAIL_OPENED,
            ActivityType.EMAIL_CLICKED,
            ActivityType.EMAIL_REPLIED,
            ActivityType.EMAIL_AUTO_REPLIED,
            ActivityType.EMAIL_FAILED,
            ActivityType.CONTACT_UNSUBSCRIBED,
        }
    ),
    TimelineKind.CALLS: frozenset(),
    TimelineKind.CONTENT: frozenset(),
    TimelineKind.SALESFLOWS: frozenset(
        {
            ActivityType.SALESFLOW_STARTED,
            ActivityType.SALESFLOW_PAUSED,
            ActivityType.SALESFLOW_RESUMED,
            ActivityType.SALESFLOW_FINISHED,
        }
    ),
    TimelineKind.NOTES: frozenset({ActivityType.NOTE_ADDED}),
}


@dataclass(frozen=True, slots=True)
class TimelineNote:
    """A note as it stands now; the log only knows that it was written."""

    id: ContactNoteId
    text: str
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An activity as a timeline shows it: with the names of what it points to, and the note that was written."""

    id: ActivityId
    activity: Activity
    user_name: str | None
    salesflow_name: str | None
    email_subject: str | None
    note: TimelineNote | None = None
