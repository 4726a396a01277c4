"""Lists of contacts and who stands on them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Row,
    Select,
    and_,
    any_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.directory_tables import contact_list_members, contact_lists
from adapters.postgres.failures import violated
from adapters.postgres.paging import read_cursor, write_cursor
from adapters.postgres.tables import ID, TIME, contacts, users
from domain.contacts.filters import document_of, filter_of
from domain.contacts.lists import ContactList, ListKind, name_taken
from domain.shared.errors import NotFound, VersionMismatch
from domain.shared.ids import ContactId, ContactListId, OrganizationId, UserId
from domain.shared.paging import Page, PageRequest

ORDER = "contact_lists"
ONE_PER_NAME = "contact_lists_one_per_name"
MOST_COUNTED = 100_000


class PostgresContactLists:
    """Implements domain.contacts.lists.ContactLists."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None) -> None:
        self._transaction = transaction
        self._organization_id = organization_id

    async def add(self, list_: ContactList) -> None:
        values = {"organization_id": self._organization_id, "id": list_.id, "created_at": list_.created_at}
        await self._written(insert(contact_lists).values(**values, **_columns(list_), version=list_.version))

    async def get(self, list_id: ContactListId) -> ContactList:
        found = await self.find(list_id)
        if found is None:
            raise NotFound("list")
        return found

    async def find(self, list_id: ContactListId) -> ContactList | None:
        row = (await self._transaction.execute(LISTS.where(contact_lists.c.id == list_id))).first()
        return _list(row) if row else None

    async def lock(self, list_id: ContactListId) -> ContactList:
        query = LISTS.where(contact_lists.c.id == list_id).with_for_update(of=contact_lists)
        row = (await self._transaction.execute(query)).first()
        if row is None:
            raise NotFound("list")
        return _list(row)

    async def save(self, list_: ContactList) -> ContactList:
        saved = (
            update(contact_lists)
            .where(contact_lists.c.id == list_.id, contact_lists.c.version == list_.version)
            .values(**_columns(list_), version=list_.version + 1)
            .returning(contact_lists.c.id)
        )
        if (await self._written(saved)).first() is None:
            raise VersionMismatch
        return await self.get(list_.id)

    async def remove(self, list_id: ContactListId, at: datetime) -> None:
        there = update(contact_lists).where(contact_lists.c.id == list_id)
        await self._transaction.execute(there.values(deleted_at=at, version=contact_lists.c.version + 1))

    async def page(self, page: PageRequest) -> Page[ContactList]:
        query = LISTS.order_by(contact_lists.c.name_key, contact_lists.c.id)
        if page.cursor:
            key = tuple_(contact_lists.c.name_key, contact_lists.c.id)
            query = query.where(key > tuple_(*read_cursor(ORDER, page.cursor, (str, UUID))))
        rows = (await self._transaction.execute(query.limit(page.limit + 1))).all()
        items = [_list(row) for row in rows[: page.limit]]
        more = len(rows) > page.limit
        return Page(items, write_cursor(ORDER, (items[-1].name_key, items[-1].id)) if more else None)

    async def of_contact(self, contact_id: ContactId) -> Sequence[ContactList]:
        standing = select(contact_list_members.c.list_id).where(contact_list_members.c.contact_id == contact_id)
        query = LISTS.where(contact_lists.c.id.in_(standing)).order_by(contact_lists.c.name_key, contact_lists.c.id)
        return [_list(row) for row in (await self._transaction.execute(query)).all()]

    async def count(self, list_ids: Iterable[ContactListId]) -> dict[ContactListId, int]:
        rows = await self._transaction.fetch(COUNT, list_ids=list(list_ids))
        return {ContactListId(row["id"]): row["members"] for row in rows}

    async def put_members(
        self, list_id: ContactListId, contact_ids: Sequence[ContactId], at: datetime
    ) -> set[ContactId]:
        rows = await self._transaction.fetch(PUT, list_id=list_id, contact_ids=sorted(contact_ids), at=at)
        return {ContactId(row["contact_id"]) for row in rows}

    async def take_members(self, list_id: ContactListId, contact_ids: Sequence[ContactId]) -> set[ContactId]:
        rows = await self._transaction.fetch(TAKE, list_id=list_id, contact_ids=sorted(contact_ids))
        return {ContactId(row["contact_id"]) for row in rows}

    async def _written(self, statement: Any) -> Any:
        """Raises AlreadyExists for the name of another list."""
        try:
            return await self._transaction.execute(statement)
        except IntegrityError as error:
            if violated(error) != ONE_PER_NAME:
                raise
            raise name_taken() from error


def _lists() -> Select[Any]:
    of_user = and_(users.c.organization_id == contact_lists.c.organization_id, users.c.id == contact_lists.c.user_id)
    named = select(contact_lists, users.c.name.label("user_name")).select_from(contact_lists.outerjoin(users, of_user))
    return named.where(contact_lists.c.deleted_at.is_(None))


def _columns(list_: ContactList) -> dict[str, object]:
    return {
        "name": list_.name,
        "name_key": list_.name_key,
        "kind": list_.kind.value,
        "filter": document_of(list_.filter) if list_.filter is not None else None,
        "user_id": list_.user_id,
        "updated_at": list_.updated_at,
    }


def _list(row: Row[Any]) -> ContactList:
    return ContactList(
        id=ContactListId(row.id),
        name=row.name,
        kind=ListKind(row.kind),
        user_id=UserId(row.user_id) if row.user_id else None,
        created_at=row.created_at,
        updated_at=row.updated_at,
        filter=filter_of(row.filter) if row.filter is not None else None,
        user_name=row.user_name,
        version=row.version,
    )


def _named(name: str) -> Any:
    return any_(bindparam(name, type_=ARRAY(ID)))


def _counting() -> CompiledStatement:
    """Deleted contacts keep their place, for when they come back, and are not counted."""
    members = contact_list_members.c
    of_member = and_(contacts.c.organization_id == members.organization_id, contacts.c.id == members.contact_id)
    standing = (
        select(literal_column("1"))
        .select_from(contact_list_members.join(contacts, of_member))
        .where(members.list_id == contact_lists.c.id, contacts.c.deleted_at.is_(None))
        .correlate(contact_lists)
        .limit(literal_column(str(MOST_COUNTED)))
        .subquery()
    )
    counted = select(func.count().label("members")).select_from(standing).lateral("counted")
    query = select(contact_lists.c.id, counted.c.members).select_from(contact_lists.join(counted, true()))
    return CompiledStatement(query.where(contact_lists.c.id == _named("list_ids")))


def _putting() -> CompiledStatement:
    new = select(
        contacts.c.organization_id, bindparam("list_id", type_=ID), contacts.c.id, bindparam("at", type_=TIME)
    ).where(contacts.c.id == _named("contact_ids"), contacts.c.deleted_at.is_(None))
    put = upsert(contact_list_members).from_select(
        ["organization_id", "list_id", "contact_id", "added_at"], new.order_by(contacts.c.id)
    )
    return CompiledStatement(put.on_conflict_do_nothing().returning(contact_list_members.c.contact_id))


def _taking() -> CompiledStatement:
    members = contact_list_members.c
    mine = (members.list_id == bindparam("list_id", type_=ID), members.contact_id == _named("contact_ids"))
    return CompiledStatement(delete(contact_list_members).where(*mine).returning(members.contact_id))


LISTS = _lists()
COUNT, PUT, TAKE = _counting(), _putting(), _taking()
