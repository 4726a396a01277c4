"""The contacts of an organization."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.contact_fields import add_values, put_values
from adapters.postgres.contact_meanings import Meanings
from adapters.postgres.contact_rows import arrays, columns, contact, records, rows_of
from adapters.postgres.contact_search import ContactSearch
from adapters.postgres.contact_terms import add_terms, forget_terms, keep_terms
from adapters.postgres.failures import violated
from adapters.postgres.former_addresses import formerly_with, is_free, with_address
from adapters.postgres.merged_people import heirs_of
from adapters.postgres.names import Names
from adapters.postgres.tables import contacts
from domain.contacts.model import Contact, ContactFilter, ContactSort
from domain.contacts.ports import ListedContact, Neighbours
from domain.shared.errors import AlreadyExists, NotFound, VersionMismatch
from domain.shared.ids import ContactId, OrganizationId
from domain.shared.paging import Page, PageRequest

ONE_PER_EMAIL = "contacts_one_per_email"


class PostgresContacts:
    """Implements domain.contacts.ports.ContactStore."""

    def __init__(
        self, transaction: Transaction, organization_id: OrganizationId | None, names: Names, meanings: Meanings
    ) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._search = ContactSearch(transaction, organization_id, names, meanings)

    async def get(self, contact_id: ContactId) -> Contact:
        found = await self.many([contact_id])
        if contact_id not in found:
            raise NotFound("contact")
        return found[contact_id]

    async def many(self, contact_ids: Iterable[ContactId]) -> dict[ContactId, Contact]:
        query = records().where(contacts.c.id.in_(set(contact_ids)))
        rows = (await self._transaction.execute(query)).all()
        return {ContactId(row.id): contact(row) for row in rows}

    async def lock(self, contact_id: ContactId) -> Contact:
        query = records().where(contacts.c.id == contact_id).with_for_update(of=contacts, key_share=True)
        row = (await self._transaction.execute(query)).first()
        if row is None:
            raise NotFound("contact")
        return contact(row)

    async def lock_current(self, contact_id: ContactId) -> Contact:
        try:
            return await self.lock(contact_id)
        except NotFound:
            for heir in await heirs_of(self._transaction, [contact_id]):
                with suppress(NotFound):
                    return await self.lock(heir)
            raise

    async def find_by_email(self, email_key: str) -> ContactId | None:
        if not email_key:
            return None
        for query in (with_address(email_key), formerly_with(email_key)):
            row = (await self._transaction.execute(query.limit(1))).first()
            if row:
                return ContactId(row.id)
        return None

    async def add(self, records_: Sequence[Contact]) -> set[ContactId]:
        if not records_:
            return set()
        rows = await self._transaction.fetch(ADD, **arrays(self._organization_id, records_))
        added = {ContactId(row["id"]) for row in rows}
        await self.find_again([record for record in records_ if record.id in added])
        return added

    async def find_again(self, records_: Sequence[Contact]) -> None:
        """By their words, of which there are none yet, and by the values of own fields."""
        await add_terms(self._transaction, self._organization_id, records_)
        await add_values(self._transaction, self._organization_id, records_)

    async def save(self, record: Contact) -> Contact:
        values = {**columns(record), "version": record.version + 1}
        statement = (
            update(contacts)
            .where(contacts.c.id == record.id, contacts.c.version == record.version, contacts.c.deleted_at.is_(None))
            .values(**{name: value for name, value in values.items() if name not in UNCHANGING})
            .returning(contacts.c.id)
        )
        await keep_terms(self._transaction, [record])
        try:
            saved = (await self._transaction.execute(statement)).first()
        except IntegrityError as error:
            if violated(error) != ONE_PER_EMAIL:
                raise
            raise AlreadyExists("There is a contact with this email address already.", "contact_email") from error
        if saved is None:
            raise VersionMismatch
        await add_terms(self._transaction, self._organization_id, [record])
        await put_values(self._transaction, self._organization_id, [record])
        return await self.get(record.id)

    async def remove(self, contact_id: ContactId, at: datetime) -> None:
        statement = (
            update(contacts)
            .where(contacts.c.id == contact_id, contacts.c.deleted_at.is_(None))
            .values(deleted_at=at, updated_at=at, version=contacts.c.version + 1)
            .returning(contacts.c.id)
        )
        if (await self._transaction.execute(statement)).first() is None:
            raise NotFound("contact")
        await forget_terms(self._transaction, [contact_id])

    async def page(self, matching: ContactFilter, sort: ContactSort, page: PageRequest) -> Page[ListedContact]:
        return await self._search.page(matching, sort, page)

    async def neighbours(self, contact_id: ContactId, matching: ContactFilter, sort: ContactSort) -> Neighbours:
        return await self._search.neighbours(contact_id, matching, sort)

    async def ids_matching(self, matching: ContactFilter, limit: int) -> Sequence[ContactId]:
        return await self._search.ids(matching, limit)

    async def ids_after(
        self, matching: ContactFilter, after_id: ContactId | None, limit: int, created_before: datetime
    ) -> Sequence[ContactId]:
        return await self._search.ids_after(matching, after_id, limit, created_before)

    async def count(self, matching: ContactFilter) -> int:
        return await self._search.count(matching)


# Never written by an edit: the log moves `last_activity_at` by itself.
UNCHANGING = ("id", "created_at", "last_activity_at")


def _adding() -> CompiledStatement:
    names = [column.name for column in contacts.columns if column.name != "deleted_at"]
    given = rows_of(**{name: contacts.c[name].type for name in names})
    new = select(*(given.c[name] for name in names)).where(is_free(given.c.email_key))
    statement = insert(contacts).from_select(names, new)
    return CompiledStatement(statement.on_conflict_do_nothing().returning(contacts.c.id))


ADD = _adding()
