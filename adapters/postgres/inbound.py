"""Messages that came back, each once."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.connection import Transaction
from adapters.postgres.tables import inbound_messages
from domain.emails.model import InboundMessage
from domain.shared.clock import Clock
from domain.shared.ids import Ids, MailboxId, OrganizationId


class PostgresInbound:
    """Implements domain.emails.ports.InboundStore."""

    def __init__(
        self, transaction: Transaction, organization_id: OrganizationId | None, ids: Ids, clock: Clock
    ) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._ids = ids
        self._clock = clock

    async def known(self, mailbox_id: MailboxId, provider_ids: Sequence[str]) -> set[str]:
        query = select(inbound_messages.c.provider_message_id).where(
            inbound_messages.c.mailbox_id == mailbox_id, inbound_messages.c.provider_message_id.in_(provider_ids)
        )
        return {row.provider_message_id for row in (await self._transaction.execute(query)).all()}

    async def add(self, message: InboundMessage) -> bool:
        statement = insert(inbound_messages).values(
            organization_id=self._organization_id,
            id=self._ids.new(),
            mailbox_id=message.mailbox_id,
            provider_message_id=message.provider_message_id,
            kind=message.kind.value,
            email_id=message.email_id,
            from_address=message.from_address,
            subject=message.subject,
            text=message.text,
            received_at=message.received_at,
            created_at=self._clock.system(),
        )
        done = await self._transaction.execute(statement.on_conflict_do_nothing())
        return done.rowcount == 1
