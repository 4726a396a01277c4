"""What happens in the one transaction in which an email is known to have left."""

from datetime import datetime

from domain.activities.model import Activity, ActivityType
from domain.emails.model import OutgoingEmail
from domain.emails.ports import EmailsUnit, Reactions
from domain.providers.mailbox import SentMessage


async def record_sent(
    unit: EmailsUnit, reactions: Reactions, email: OutgoingEmail, accepted: SentMessage, at: datetime
) -> bool:
    """Records it, says so in the timeline and lets the Salesflow go on. False when it was recorded before."""
    if not await unit.emails.sent(email, accepted, at):
        return False
    await unit.activities.append(
        [
            Activity(
                type=ActivityType.EMAIL_SENT,
                at=at,
                contact_id=email.contact_id,
                user_id=email.user_id,
                salesflow_id=email.salesflow_id,
                enrollment_id=email.enrollment_id,
                email_id=email.id,
            )
        ]
    )
    await reactions.sent(unit, email, at)
    return True
