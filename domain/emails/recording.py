"""What happens in the one transaction in which an email is known to have left, or not to."""

from collections.abc import Mapping
from datetime import datetime

from domain.activities.model import Activity, ActivityType
from domain.emails.model import OutgoingEmail
from domain.emails.ports import EmailsUnit, Reactions
from domain.providers.mailbox import SentMessage

NOT_SENT = "not_sent"
SAID_NOT_SENT = "A person looked into the mailbox and found that it was not sent."


async def record_sent(
    unit: EmailsUnit, reactions: Reactions, email: OutgoingEmail, accepted: SentMessage, at: datetime
) -> bool:
    """Records it, says so in the timeline and lets the Salesflow go on. False when it was recorded before."""
    if not await unit.emails.sent(email, accepted, at):
        return False
    await _tell_sent(unit, reactions, email, at)
    return True


async def record_said_sent(unit: EmailsUnit, reactions: Reactions, email: OutgoingEmail, at: datetime) -> bool:
    """As `record_sent`, of an email that waits for a human, by the word of one."""
    if not await unit.emails.said_to_be_sent(email, at):
        return False
    await _tell_sent(unit, reactions, email, at)
    return True


async def record_said_unsent(unit: EmailsUnit, reactions: Reactions, email: OutgoingEmail, at: datetime) -> bool:
    """It has not left, by the word of a human, and never will: its draft is deleted if there is one after all."""
    if not await unit.emails.said_not_to_be_sent(email, NOT_SENT):
        return False
    await unit.activities.append([failure_of(email, NOT_SENT, SAID_NOT_SENT, at)])
    await reactions.failed(unit, email, NOT_SENT)
    return True


def failure_of(email: OutgoingEmail, code: str, reason: str, at: datetime) -> Activity:
    """The line of the timeline for an email that will never leave."""
    return _happened(ActivityType.EMAIL_FAILED, email, at, {"bounce": None, "code": code, "reason": reason})


async def _tell_sent(unit: EmailsUnit, reactions: Reactions, email: OutgoingEmail, at: datetime) -> None:
    await unit.activities.append([_happened(ActivityType.EMAIL_SENT, email, at, {})])
    await reactions.sent(unit, email, at)


def _happened(kind: ActivityType, email: OutgoingEmail, at: datetime, detail: Mapping[str, str | None]) -> Activity:
    return Activity(
        type=kind,
        at=at,
        contact_id=email.contact_id,
        user_id=email.user_id,
        salesflow_id=email.salesflow_id,
        enrollment_id=email.enrollment_id,
        email_id=email.id,
        detail=detail,
    )
