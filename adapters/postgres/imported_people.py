"""Rows of a file become contacts: by sets, out of a table that lasts as long as the transaction."""

import io
from collections.abc import Collection, Sequence
from typing import Any

import asyncpg
import orjson

from adapters.postgres import import_statements as statements
from adapters.postgres.activities import PostgresActivityLog
from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.contact_bulk import IN_SALESFLOWS
from adapters.postgres.contact_fields import put_values
from adapters.postgres.contact_rows import arrays, contact, records
from adapters.postgres.contact_terms import add_terms, keep_terms, looked_up_of
from adapters.postgres.failures import translated
from adapters.postgres.tables import contacts
from domain.activities.model import Activity, ActivityType
from domain.contacts.imports.batching import BETWEEN, STAGED_COLUMNS
from domain.contacts.imports.merging import Given, difference
from domain.contacts.imports.model import Counts, OnExisting
from domain.contacts.imports.ports import Changed, Matched, Taking
from domain.contacts.imports.preparing import TEXTS
from domain.contacts.model import Contact, ContactStatusId
from domain.shared.errors import Contended
from domain.shared.ids import ActivityId, ContactId, OrganizationId, UserId

TWICE = "The same person comes in line {line} already."
KNOWN = "This person is known already."
NO_NAME = "The last name is missing."


class PostgresImportedPeople:
    """Implements domain.contacts.imports.ports.ImportedPeople."""

    def __init__(
        self, transaction: Transaction, organization_id: OrganizationId | None, activities: PostgresActivityLog
    ) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._activities = activities

    async def stage(self, rows: bytes) -> None:
        driver = self._transaction.driver
        with translated():
            await driver.execute(statements.staging(self._organization_id))
            await driver.copy_to_table(
                statements.STAGED, source=io.BytesIO(rows), columns=list(STAGED_COLUMNS), format="text", null=""
            )
            await driver.execute(statements.LOOKED_AT)

    async def match(self, taking: Taking) -> Matched:
        [row] = await self._fetch(statements.MATCH, taking, twice=TWICE, known=KNOWN, no_name=NO_NAME)
        await self._transaction.run(statements.BY_ANY_WAY)
        return Matched(row["known"], row["some_are_uncalled"])

    async def create(self, taking: Taking) -> int:
        try:
            [row] = await self._fetch(statements.CREATE, taking)
        except (asyncpg.ForeignKeyViolationError, asyncpg.UniqueViolationError) as error:
            # A status or an owner has gone since it was looked up, or somebody was added with an address.
            raise Contended from error
        if taking.has_own_fields:
            await self._fetch(statements.ADD_VALUES, taking)
        if taking.list_id:
            await self._fetch(statements.PUT_ON_LIST, taking, list_id=taking.list_id)
        if self._activities.is_followed(ActivityType.CONTACT_CREATED):
            entries = await self._transaction.run(statements.CREATED)
            await self._activities.tell_followers(
                [(ActivityId(entry["activity_id"]), _created(ContactId(entry["id"]), taking)) for entry in entries]
            )
        return int(row["made"])

    async def phones(self) -> set[str]:
        return {row["phone"] for row in await self._transaction.run(statements.PHONES)}

    async def keep_from_calls(self, taking: Taking, uncalled: Collection[str]) -> set[str]:
        rows = await self._fetch(statements.KEEP_FROM_CALLS, taking, uncalled=list(uncalled))
        return {phone for row in rows for phone in row if phone}

    async def differing(self, taking: Taking) -> Sequence[tuple[Given, Contact]]:
        statement = statements.OTHERWISE if taking.on_existing is OnExisting.OVERWRITE else statements.INCOMPLETE
        given = {row["contact_id"]: _given(row) for row in await self._transaction.run(statement.sql)}
        if not given:
            return []
        query = records().where(contacts.c.id.in_(given)).order_by(contacts.c.id)
        held = (await self._transaction.execute(query.with_for_update(of=contacts, key_share=True))).all()
        if len(held) < len(given):
            # Somebody who was known a moment ago has been deleted, and is nobody whom we know.
            raise Contended
        return [(given[row.id], contact(row)) for row in held]

    async def change(self, taking: Taking, changed: Sequence[Changed]) -> Sequence[ContactId]:
        if not changed:
            return []
        await self._save([(one.before, one.after) for one in changed])
        told = [difference(one.before, one.after) for one in changed]
        await self._fetch(
            statements.NOTE_CHANGED,
            taking,
            contact_ids=[one.after.id for one in changed],
            lines=[one.line for one in changed],
            befores=[orjson.dumps(before).decode() for before, _ in told],
            afters=[orjson.dumps(after).decode() for _, after in told],
            versions=[one.before.version + 1 for one in changed],
        )
        return await self._in_salesflows([one.after.id for one in changed])

    async def restore(self, changed: Sequence[tuple[Contact, Contact]]) -> Sequence[ContactId]:
        if not changed:
            return []
        await self._save(changed)
        return await self._in_salesflows([after.id for _, after in changed])

    async def settle(self, taking: Taking, changed: Sequence[Changed]) -> Counts:
        lines = [one.line for one in changed]
        [row] = await self._fetch(statements.SETTLE, taking, between=BETWEEN, changed=lines)
        return Counts(row["created"], len(lines), row["met"] - len(lines), row["skipped"], row["failed"])

    async def _fetch(self, statement: CompiledStatement, taking: Taking, **more: Any) -> Sequence[asyncpg.Record]:
        values = {
            "organization_id": self._organization_id,
            "import_id": taking.import_id,
            "user_id": taking.by,
            "at": taking.at,
            "status_id": taking.status_id,
            "owner_id": taking.owner_id,
            "skips": taking.on_existing is OnExisting.SKIP,
            **more,
        }
        return await self._transaction.fetch(statement, **values)

    async def _save(self, changed: Sequence[tuple[Contact, Contact]]) -> None:
        """Some at a time, so that each is looked up and the table is never read as a whole to join them."""
        for first in range(0, len(changed), statements.SAVED_AT_ONCE):
            some = changed[first : first + statements.SAVED_AT_ONCE]
            refound = [after for before, after in some if looked_up_of(before) != looked_up_of(after)]
            await keep_terms(self._transaction, refound)
            values = arrays(self._organization_id, [after for _, after in some])
            try:
                await self._transaction.fetch(statements.SAVE, **values)
            except asyncpg.UniqueViolationError as error:
                # Somebody else was given the address at this moment.
                raise Contended from error
            await add_terms(self._transaction, self._organization_id, refound)
            revalued = [after for before, after in some if before.custom != after.custom]
            if revalued:
                await put_values(self._transaction, self._organization_id, revalued)

    async def _in_salesflows(self, contact_ids: Sequence[ContactId]) -> Sequence[ContactId]:
        rows = await self._transaction.fetch(IN_SALESFLOWS, contact_ids=contact_ids)
        return [ContactId(row["contact_id"]) for row in rows]


def _created(contact_id: ContactId, taking: Taking) -> Activity:
    return Activity(ActivityType.CONTACT_CREATED, taking.at, contact_id, taking.by)


def _given(row: asyncpg.Record) -> Given:
    return Given(
        line=row["line"],
        texts={name: row[name] for name in TEXTS},
        status_id=ContactStatusId(row["status_id"]) if row["status_id"] else None,
        owner_id=UserId(row["owner_id"]) if row["owner_id"] else None,
        own=row["own"] or {},
    )
