"""Notes on contacts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, insert, select, tuple_, update

from adapters.postgres.connection import Transaction
from adapters.postgres.directory_tables import contact_notes
from adapters.postgres.paging import read_cursor, write_cursor
from adapters.postgres.tables import users
from domain.contacts.notes import ContactNote
from domain.shared.errors import NotFound, VersionMismatch
from domain.shared.ids import ContactId, ContactNoteId, OrganizationId, UserId
from domain.shared.paging import Page, PageRequest

ORDER = "contact_notes"


class PostgresContactNotes:
    """Implements domain.contacts.notes.ContactNotes."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None) -> None:
        self._transaction = transaction
        self._organization_id = organization_id

    async def page(self, contact_id: ContactId, page: PageRequest) -> Page[ContactNote]:
        notes = contact_notes.c
        query = _notes().where(notes.contact_id == contact_id).order_by(notes.created_at.desc(), notes.id.desc())
        if page.cursor:
            after = read_cursor(ORDER, page.cursor, (datetime, UUID))
            query = query.where(tuple_(notes.created_at, notes.id) < tuple_(*after))
        rows = (await self._transaction.execute(query.limit(page.limit + 1))).all()
        items = [_note(row) for row in rows[: page.limit]]
        more = len(rows) > page.limit
        return Page(items, write_cursor(ORDER, (items[-1].created_at, items[-1].id)) if more else None)

    async def get(self, contact_id: ContactId, note_id: ContactNoteId) -> ContactNote:
        return await self._found(_one(contact_id, note_id))

    async def lock(self, contact_id: ContactId, note_id: ContactNoteId) -> ContactNote:
        return await self._found(_one(contact_id, note_id).with_for_update(of=contact_notes))

    async def add(self, note: ContactNote) -> None:
        values = {
            "organization_id": self._organization_id,
            "id": note.id,
            "contact_id": note.contact_id,
            "user_id": note.user_id,
            "text": note.text,
            "version": note.version,
            "created_at": note.created_at,
            "updated_at": note.updated_at,
        }
        await self._transaction.execute(insert(contact_notes).values(**values))

    async def save(self, note: ContactNote) -> None:
        statement = (
            update(contact_notes)
            .where(
                contact_notes.c.id == note.id,
                contact_notes.c.version == note.version,
                contact_notes.c.deleted_at.is_(None),
            )
            .values(text=note.text, updated_at=note.updated_at, version=note.version + 1)
            .returning(contact_notes.c.id)
        )
        if (await self._transaction.execute(statement)).first() is None:
            raise VersionMismatch

    async def remove(self, note_id: ContactNoteId, at: datetime) -> None:
        """What was written is gone with it."""
        statement = update(contact_notes).where(contact_notes.c.id == note_id).values(text="", deleted_at=at)
        await self._transaction.execute(statement)

    async def _found(self, query: Select[Any]) -> ContactNote:
        row = (await self._transaction.execute(query)).first()
        if row is None:
            raise NotFound("note")
        return _note(row)


def _notes() -> Select[Any]:
    by = and_(users.c.organization_id == contact_notes.c.organization_id, users.c.id == contact_notes.c.user_id)
    written = select(contact_notes, users.c.name.label("user_name")).select_from(contact_notes.outerjoin(users, by))
    return written.where(contact_notes.c.deleted_at.is_(None))


def _one(contact_id: ContactId, note_id: ContactNoteId) -> Select[Any]:
    return _notes().where(contact_notes.c.contact_id == contact_id, contact_notes.c.id == note_id)


def _note(row: Row[Any]) -> ContactNote:
    return ContactNote(
        id=ContactNoteId(row.id),
        contact_id=ContactId(row.contact_id),
        user_id=UserId(row.user_id) if row.user_id else None,
        text=row.text,
        created_at=row.created_at,
        updated_at=row.updated_at,
        user_name=row.user_name,
        version=row.version,
    )
