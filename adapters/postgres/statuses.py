"""The values of the Contact Status list."""

from collections.abc import Sequence

from sqlalchemy import insert, select

from adapters.postgres.connection import Transaction
from adapters.postgres.tables import contact_statuses
from domain.contacts.model import DEFAULT_STATUSES, ContactStatus, ContactStatusId
from domain.shared.ids import Ids, OrganizationId


class PostgresContactStatuses:
    """Implements domain.contacts.ports.ContactStatuses. Reads them once in a unit."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None, ids: Ids) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._ids = ids
        self._known: Sequence[ContactStatus] = ()

    async def add_defaults(self) -> None:
        rows = [
            {
                "organization_id": self._organization_id,
                "id": self._ids.new(),
                "label": label,
                "color": color,
                "position": position,
                "is_default": position == 0,
            }
            for position, (label, color) in enumerate(DEFAULT_STATUSES)
        ]
        await self._transaction.execute(insert(contact_statuses), rows)

    async def all(self) -> Sequence[ContactStatus]:
        if not self._known:
            ordered = select(contact_statuses).order_by(contact_statuses.c.position, contact_statuses.c.id)
            rows = (await self._transaction.execute(ordered)).all()
            self._known = [
                ContactStatus(ContactStatusId(row.id), row.label, row.color, row.position, row.is_default)
                for row in rows
            ]
        return self._known
