"""The contacts of an organization."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.contact_rows import arrays, columns, contact, records
from adapters.postgres.contact_search import ContactSearch
from adapters.postgres.failures import violated
from adapters.postgres.names import Names
from adapters.postgres.tables import ID, TEXT, contact_terms, contacts
from domain.contacts.model import Contact, ContactFilter, ContactSort
from domain.contacts.ports import ListedContact
from domain.contacts.search_terms import terms_of
from domain.shared.errors import AlreadyExists, NotFound, VersionMismatch
from domain.shared.ids import ContactId, OrganizationId
from domain.shared.paging import Page, PageRequest

ONE_PER_EMAIL = "contacts_one_per_email"


class PostgresContacts:
    """Implements domain.contacts.ports.ContactStore."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None, names: Names) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._search = ContactSearch(transaction, organization_id, names)

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

    async def find_by_email(self, email_key: str) -> ContactId | None:
        query = select(contacts.c.id).where(contacts.c.email_key == email_key, contacts.c.deleted_at.is_(None))
        row = (await self._transaction.execute(query)).first() if email_key else None
        return ContactId(row.id) if row else None

    async def add(self, records_: Sequence[Contact]) -> set[ContactId]:
        if not records_:
            return set()
        rows = await self._transaction.fetch(ADD, **arrays(self._organization_id, records_))
        added = {ContactId(row["id"]) for row in rows}
        found_by = [(term, record.id) for record in records_ if record.id in added for term in terms_of(record)]
        found_by.sort()
        await self._transaction.fetch(
            ADD_TERMS,
            organization_id=self._organization_id,
            terms=[term for term, _ in found_by],
            contact_ids=[contact_id for _, contact_id in found_by],
        )
        return added

    async def save(self, record: Contact) -> Contact:
        values = {**columns(record), "version": record.version + 1}
        statement = (
            update(contacts)
            .where(contacts.c.id == record.id, contacts.c.version == record.version, contacts.c.deleted_at.is_(None))
            .values(**{name: value for name, value in values.items() if name not in UNCHANGING})
            .returning(contacts.c.id)
        )
        try:
            saved = (await self._transaction.execute(statement)).first()
        except IntegrityError as error:
            if violated(error) != ONE_PER_EMAIL:
                raise
            raise AlreadyExists("There is a contact with this email address already.", "contact_email") from error
        if saved is None:
            raise VersionMismatch
        terms = sorted(terms_of(record))
        await self._forget_terms(record.id, but=terms)
        await self._transaction.fetch(
            ADD_TERMS, organization_id=self._organization_id, terms=terms, contact_ids=[record.id] * len(terms)
        )
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
        await self._forget_terms(contact_id, but=[])

    async def page(self, matching: ContactFilter, sort: ContactSort, page: PageRequest) -> Page[ListedContact]:
        return await self._search.page(matching, sort, page)

    async def ids_matching(self, matching: ContactFilter, limit: int) -> Sequence[ContactId]:
        return await self._search.ids(matching, limit)

    async def _forget_terms(self, contact_id: ContactId, but: Sequence[str]) -> None:
        of_contact = delete(contact_terms).where(contact_terms.c.contact_id == contact_id)
        await self._transaction.execute(of_contact.where(contact_terms.c.term.not_in(but)) if but else of_contact)


# Never written by an edit: the log moves `last_activity_at` by itself.
UNCHANGING = ("id", "created_at", "last_activity_at")


def _rows(**columns_: TypeEngine[object]) -> TableValuedAlias:
    """Rows out of one array a column, bound by the names of the columns."""
    given = [bindparam(name, type_=ARRAY(kind)) for name, kind in columns_.items()]
    return func.unnest(*given).table_valued(*columns_, name="given").render_derived()


def _adding() -> CompiledStatement:
    names = [column.name for column in contacts.columns if column.name != "deleted_at"]
    given = _rows(**{name: contacts.c[name].type for name in names})
    statement = insert(contacts).from_select(names, select(*(given.c[name] for name in names)))
    return CompiledStatement(statement.on_conflict_do_nothing().returning(contacts.c.id))


def _adding_terms() -> CompiledStatement:
    given = _rows(terms=TEXT, contact_ids=ID)
    found_by = select(bindparam("organization_id", type_=ID), given.c.terms, given.c.contact_ids)
    statement = insert(contact_terms).from_select(["organization_id", "term", "contact_id"], found_by)
    return CompiledStatement(statement.on_conflict_do_nothing())


ADD = _adding()
ADD_TERMS = _adding_terms()
