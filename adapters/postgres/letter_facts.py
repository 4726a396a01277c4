"""What letters tell of connections and notifications."""

from uuid import UUID

from sqlalchemy import and_, select

from adapters.postgres.account_tables import notifications
from adapters.postgres.connection import Transaction
from adapters.postgres.tables import connections, contacts, emails
from domain.accounts.letters import NotificationTold
from domain.shared.ids import ConnectionId, ContactId, UserId

LOST = "needs_reconnect"


class PostgresLetterFacts:
    """Implements domain.accounts.letters.LetterFacts."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def lost_account(self, connection_id: ConnectionId, user_id: UserId) -> str | None:
        lost = and_(connections.c.id == connection_id, connections.c.user_id == user_id, connections.c.state == LOST)
        row = (await self._transaction.execute(select(connections.c.account).where(lost))).one_or_none()
        return str(row.account) if row else None

    async def notification(self, notification_id: UUID) -> NotificationTold | None:
        told, who, what = notifications.c, contacts.c, emails.c
        same_contact = and_(who.organization_id == told.organization_id, who.id == told.contact_id)
        same_email = and_(what.organization_id == told.organization_id, what.id == told.email_id)
        query = (
            select(told.user_id, told.kind, told.contact_id, who.first_name, who.last_name, who.email, what.subject)
            .select_from(notifications.outerjoin(contacts, same_contact).outerjoin(emails, same_email))
            .where(told.id == notification_id)
        )
        row = (await self._transaction.execute(query)).one_or_none()
        if row is None:
            return None
        contact = " ".join(part for part in (row.first_name, row.last_name) if part) or row.email or ""
        contact_id = ContactId(row.contact_id) if row.contact_id else None
        return NotificationTold(UserId(row.user_id), row.kind, contact_id, contact, row.subject or "")
