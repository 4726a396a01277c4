"""The values of the Contact Status list, and the contacts that have them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.contact_bulk import PUT_STATUSES
from adapters.postgres.tables import contact_statuses, contacts
from domain.contacts.model import DEFAULT_STATUSES, ContactStatus, ContactStatusId
from domain.shared.errors import Contended
from domain.shared.ids import ContactId, Ids, OrganizationId


class PostgresContactStatuses:
    """Implements domain.contacts.ports.ContactStatuses and domain.contacts.statuses.StatusBook. Reads them once in a
    unit."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None, ids: Ids) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._ids = ids
        self._known: Sequence[ContactStatus] = ()

    async def add_defaults(self) -> None:
        for position, (label, color) in enumerate(DEFAULT_STATUSES):
            status_id = ContactStatusId(self._ids.new())
            await self.add(ContactStatus(status_id, label, color, position, is_default=position == 0))

    async def all(self) -> Sequence[ContactStatus]:
        if not self._known:
            ordered = select(contact_statuses).order_by(contact_statuses.c.position, contact_statuses.c.id)
            rows = (await self._transaction.execute(ordered)).all()
            self._known = [
                ContactStatus(ContactStatusId(row.id), row.label, row.color, row.position, row.is_default)
                for row in rows
            ]
        return self._known

    async def lock(self) -> Sequence[ContactStatus]:
        await self._transaction.fetch(LOCK, name=f"contact_statuses {self._organization_id}")
        self._known = ()
        return await self.all()

    async def add(self, status: ContactStatus) -> None:
        self._known = ()
        values = {"organization_id": self._organization_id, "id": status.id, **_columns(status)}
        await self._transaction.execute(insert(contact_statuses).values(**values))

    async def save(self, statuses: Sequence[ContactStatus]) -> None:
        self._known = ()
        # There are never two defaults: the former one goes first.
        for status in sorted(statuses, key=lambda one: one.is_default):
            of_status = update(contact_statuses).where(contact_statuses.c.id == status.id)
            await self._transaction.execute(of_status.values(**_columns(status)))

    async def rename_in_filters(self, label: str, now: str) -> None:
        await self._transaction.fetch(RENAME_IN_LISTS, label=label, now=now)
        await self._transaction.fetch(RENAME_IN_VIEWS, label=label, now=now)

    async def is_used(self, status_id: ContactStatusId) -> bool:
        used = select(exists().where(contacts.c.status_id == status_id))
        return bool((await self._transaction.execute(used)).scalar_one())

    async def move(
        self, from_id: ContactStatusId, to_id: ContactStatusId, limit: int, at: datetime
    ) -> Sequence[ContactId]:
        met = await self._met(from_id, limit, contacts.c.deleted_at.is_(None))
        await self._transaction.fetch(PUT_STATUSES, contact_ids=met, value=to_id, at=at)
        return met

    async def move_deleted(self, from_id: ContactStatusId, to_id: ContactStatusId, limit: int) -> int:
        met = await self._met(from_id, limit, contacts.c.deleted_at.is_not(None))
        moved = update(contacts).where(contacts.c.id.in_(met)).values(status_id=to_id)
        if met:
            await self._transaction.execute(moved)
        return len(met)

    async def remove(self, status_id: ContactStatusId) -> None:
        self._known = ()
        try:
            await self._transaction.execute(delete(contact_statuses).where(contact_statuses.c.id == status_id))
        except IntegrityError as error:
            raise Contended from error

    async def _met(self, status_id: ContactStatusId, limit: int, which: Any) -> list[ContactId]:
        """Nobody else changes them until the unit ends."""
        of_status = select(contacts.c.id).where(contacts.c.status_id == status_id, which).order_by(contacts.c.id)
        rows = await self._transaction.execute(of_status.limit(limit).with_for_update(key_share=True))
        return [ContactId(row.id) for row in rows.all()]


def _columns(status: ContactStatus) -> dict[str, object]:
    return {
        "label": status.label,
        "color": status.color,
        "position": status.position,
        "is_default": status.is_default,
    }


LOCK = CompiledStatement(text("select pg_advisory_xact_lock(hashtextextended(cast(:name as text), 0))"))
RENAME_IN_LISTS = CompiledStatement(
    text(
        """
update contact_lists set filter = jsonb_set(filter, '{status}', to_jsonb(cast(:now as text)))
where filter ->> 'status' = cast(:label as text)
"""
    )
)
RENAME_IN_VIEWS = CompiledStatement(
    text(
        """
update contact_views set state = jsonb_set(state, '{filter,status}', to_jsonb(cast(:now as text)))
where state -> 'filter' ->> 'status' = cast(:label as text)
"""
    )
)
