"""What the log of activities tells about opt-outs."""

from sqlalchemy import or_, select

from adapters.postgres.connection import Transaction
from adapters.postgres.merged_people import merged_into
from adapters.postgres.tables import activities
from domain.activities.model import ActivityType
from domain.contacts.consent import BY_HAND
from domain.shared.ids import ContactId


class PostgresConsents:
    """Implements domain.contacts.consent.Consents."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def asked_by_person(self, contact_id: ContactId) -> bool:
        reason = activities.c.detail["reason"].astext
        records = [contact_id, *await merged_into(self._transaction, contact_id)]
        asked = select(activities.c.id).where(
            activities.c.contact_id.in_(records),
            activities.c.type == ActivityType.CONTACT_UNSUBSCRIBED.value,
            or_(reason.is_(None), reason != BY_HAND),
        )
        return (await self._transaction.execute(asked.limit(1))).first() is not None
