"""Many contacts at once: held, changed, removed and brought back by a statement each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Integer, and_, any_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.contact_terms import forget_terms
from adapters.postgres.contacts import PostgresContacts
from adapters.postgres.directory_tables import contact_fields
from adapters.postgres.former_addresses import is_free
from adapters.postgres.tables import ID, TIME, contacts, enrollments
from domain.contacts.bulk_ports import Held
from domain.contacts.model import ContactStatusId
from domain.salesflows.model import EnrollmentState
from domain.shared.errors import Contended
from domain.shared.ids import ContactId, UserId


class PostgresBulkContacts:
    """Implements domain.contacts.bulk_ports.BulkContacts."""

    def __init__(self, transaction: Transaction, contacts_: PostgresContacts) -> None:
        self._transaction = transaction
        self._contacts = contacts_

    async def bounds(self, spans: int) -> Sequence[ContactId]:
        [row] = await self._transaction.fetch(COUNT)
        found = []
        for number in range(1, spans):
            rows = await self._transaction.fetch(NTH, offset=row["contacts"] * number // spans)
            found += [ContactId(row["id"]) for row in rows]
        return found

    async def present(self, contact_ids: Sequence[ContactId]) -> Sequence[ContactId]:
        return [ContactId(row["id"]) for row in await self._transaction.fetch(PRESENT, contact_ids=contact_ids)]

    async def own_fields(self) -> Mapping[str, str]:
        fields = contact_fields.c
        there = select(fields.key, fields.label).where(fields.archived_at.is_(None))
        rows = (await self._transaction.execute(there.order_by(fields.position, fields.key))).all()
        return {row.key: row.label for row in rows}

    async def hold(self, contact_ids: Sequence[ContactId]) -> Sequence[Held]:
        rows = await self._transaction.fetch(HOLD, contact_ids=contact_ids)
        return [Held(ContactId(row["id"]), ContactStatusId(row["status_id"]), row["owner_id"]) for row in rows]

    async def put_statuses(self, statuses: Mapping[ContactId, ContactStatusId], at: datetime) -> None:
        await self._put(PUT_STATUSES, statuses, at)

    async def put_owners(self, owners: Mapping[ContactId, UserId | None], at: datetime) -> None:
        await self._put(PUT_OWNERS, owners, at)

    async def remove(self, contact_ids: Sequence[ContactId], at: datetime) -> Sequence[ContactId]:
        await self._transaction.fetch(REMOVE, contact_ids=contact_ids, at=at)
        await forget_terms(self._transaction, contact_ids)
        rows = await self._transaction.fetch(IN_SALESFLOWS, contact_ids=contact_ids)
        return [ContactId(row["contact_id"]) for row in rows]

    async def restore(self, contact_ids: Sequence[ContactId], removed_at: datetime, at: datetime) -> set[ContactId]:
        try:
            rows = await self._transaction.fetch(RESTORE, contact_ids=contact_ids, removed_at=removed_at, at=at)
        except asyncpg.UniqueViolationError as error:
            # Somebody was added with the address at this very moment, and is seen the next time.
            raise Contended from error
        restored = {ContactId(row["id"]) for row in rows}
        await self._contacts.find_again(list((await self._contacts.many(restored)).values()))
        return restored

    async def _put(self, statement: CompiledStatement, values: Mapping[ContactId, UUID | None], at: datetime) -> None:
        for value in set(values.values()):
            of_value = [key for key, one in values.items() if one == value]
            await self._transaction.fetch(statement, contact_ids=of_value, value=value, at=at)


def _named(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column == any_(bindparam("contact_ids", type_=ARRAY(ID)))


# Somebody has changed the contact.
CHANGED = {"version": contacts.c.version + 1, "updated_at": bindparam("at", type_=TIME)}
THERE = and_(_named(contacts.c.id), contacts.c.deleted_at.is_(None))


def _putting(column: str, **more: Any) -> CompiledStatement:
    """One value for many: with a value each, the planner reads the whole table to join them."""
    return CompiledStatement(
        update(contacts).where(THERE).values({column: bindparam("value", type_=ID), **CHANGED, **more})
    )


def _restoring() -> CompiledStatement:
    removed = contacts.c.deleted_at == bindparam("removed_at", type_=TIME)
    free = is_free(contacts.c.email_key)
    restored = update(contacts).where(_named(contacts.c.id), removed, free).values(deleted_at=None, **CHANGED)
    return CompiledStatement(restored.returning(contacts.c.id))


def _in_salesflows() -> CompiledStatement:
    running = enrollments.c.state != EnrollmentState.FINISHED.value
    found = select(enrollments.c.contact_id).where(_named(enrollments.c.contact_id), running)
    return CompiledStatement(found.distinct().order_by(enrollments.c.contact_id))


LAST_ACTIVITY = func.greatest(contacts.c.last_activity_at, bindparam("at", type_=TIME))
COUNT = CompiledStatement(select(func.count().label("contacts")).select_from(contacts))
NTH = CompiledStatement(
    select(contacts.c.id).order_by(contacts.c.id).offset(bindparam("offset", type_=Integer())).limit(1)
)
PRESENT = CompiledStatement(select(contacts.c.id).where(THERE).order_by(contacts.c.id))
HOLD = CompiledStatement(
    select(contacts.c.id, contacts.c.status_id, contacts.c.owner_id)
    .where(THERE)
    .order_by(contacts.c.id)
    .with_for_update(key_share=True)
)
# The log would move the last activity in a second update of the same rows.
PUT_STATUSES = _putting("status_id", last_activity_at=LAST_ACTIVITY)
PUT_OWNERS = _putting("owner_id")
REMOVE = CompiledStatement(
    update(contacts).where(THERE).values(deleted_at=CHANGED["updated_at"], last_activity_at=LAST_ACTIVITY, **CHANGED)
)
RESTORE = _restoring()
IN_SALESFLOWS = _in_salesflows()
