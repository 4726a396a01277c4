"""Records of one person that became one: who went into whom, what came with it, and how to take it back.

The log of activities is appended to alone, so what happened stays with the record that it happened to; whoever reads a
history reads those of the merged ones as well. All else moves: it is little for a contact, and read in many places.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, any_, delete, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.postgres.account_tables import notifications
from adapters.postgres.connection import Transaction
from adapters.postgres.contact_bulk import PostgresBulkContacts
from adapters.postgres.directory_tables import (
    contact_former_addresses,
    contact_list_members,
    contact_merges,
    contact_notes,
)
from adapters.postgres.tables import ID, contacts, emails, enrollments, users
from domain.contacts.merging import Document, Merge, MergeEffect, MergeEntry
from domain.contacts.model import Contact, EmailState
from domain.shared.errors import NotFound
from domain.shared.ids import ContactId, ContactMergeId, OrganizationId, UserId

MOVED = {
    "enrollments": enrollments,
    "emails": emails,
    "notes": contact_notes,
    "notifications": notifications,
    "former_addresses": contact_former_addresses,
}
# Not sent, or nobody knows yet.
ON_THE_WAY = ("ready", "drafted", "sending", "unknown", "needs_human")
IDS = ("id", "status_id", "owner_id")
TIMES = ("created_at", "updated_at", "last_activity_at", "opted_out_at", "do_not_call_at")


class PostgresContactMerges:
    """Implements domain.contacts.merging.ContactMerges."""

    def __init__(
        self, transaction: Transaction, organization_id: OrganizationId | None, contacts_: PostgresBulkContacts
    ) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._contacts = contacts_

    async def add(self, merge: Merge) -> None:
        kept = {name: getattr(merge, name) for name in ("id", "kept_id", "merged_id", "user_id", "at")}
        values = {"organization_id": self._organization_id, **kept, **_told(merge.effect)}
        await self._transaction.execute(insert(contact_merges).values(values))

    async def get(self, merge_id: ContactMergeId) -> Merge:
        return await self._one(select(contact_merges), merge_id)

    async def lock(self, merge_id: ContactMergeId) -> Merge:
        return await self._one(select(contact_merges).with_for_update(), merge_id)

    async def undone(self, merge_id: ContactMergeId, at: datetime) -> None:
        await self._transaction.execute(
            update(contact_merges).where(contact_merges.c.id == merge_id).values(undone_at=at)
        )

    async def into(self, contact_id: ContactId) -> Sequence[MergeEntry]:
        newest = (contact_merges.c.at.desc(), contact_merges.c.id.desc())
        query = ENTRIES.where(contact_merges.c.kept_id == contact_id).order_by(*newest)
        return [_entry(row) for row in (await self._transaction.execute(query)).all()]

    async def move(
        self, from_id: ContactId, to_id: ContactId, left_behind: Mapping[UUID, str], at: datetime
    ) -> Document:
        moved: dict[str, list[str]] = {}
        for name, table in MOVED.items():
            theirs = update(table).where(table.c.contact_id == from_id).values(contact_id=to_id)
            rows = (await self._transaction.execute(theirs.returning(table.c.id))).all()
            moved[name] = [str(row.id) for row in rows]
        members = contact_list_members.c
        places = select(members.organization_id, members.list_id, literal(to_id, ID), literal(at))
        put = upsert(contact_list_members).from_select(
            ["organization_id", "list_id", "contact_id", "added_at"], places.where(members.contact_id == from_id)
        )
        rows = (await self._transaction.execute(put.on_conflict_do_nothing().returning(members.list_id))).all()
        await self._find_by(left_behind, to_id, at)
        return {**moved, "lists": [str(row.list_id) for row in rows], "left_behind": [str(one) for one in left_behind]}

    async def move_back(self, moved: Document, from_id: ContactId, to_id: ContactId) -> None:
        for name, table in MOVED.items():
            back = update(table).where(_among(table.c.id, moved[name]), table.c.contact_id == from_id)
            await self._transaction.execute(back.values(contact_id=to_id))
        waiting = update(emails).where(
            _among(emails.c.enrollment_id, moved["enrollments"]),
            emails.c.contact_id == from_id,
            emails.c.state.in_(ON_THE_WAY),
        )
        await self._transaction.execute(waiting.values(contact_id=to_id))
        members = contact_list_members.c
        put = delete(contact_list_members).where(members.contact_id == from_id, _among(members.list_id, moved["lists"]))
        await self._transaction.execute(put)
        left_behind = _among(contact_former_addresses.c.id, moved["left_behind"])
        await self._transaction.execute(delete(contact_former_addresses).where(left_behind))

    async def revive(self, contact_id: ContactId, removed_at: datetime, at: datetime) -> bool:
        return contact_id in await self._contacts.restore([contact_id], removed_at, at)

    async def _find_by(self, left_behind: Mapping[UUID, str], contact_id: ContactId, at: datetime) -> None:
        if not left_behind:
            return
        rows = [
            {"organization_id": self._organization_id, "id": key, "email_key": one, "contact_id": contact_id, "at": at}
            for key, one in left_behind.items()
        ]
        await self._transaction.execute(insert(contact_former_addresses).values(rows))

    async def _one(self, query: Select[Any], merge_id: ContactMergeId) -> Merge:
        row = (await self._transaction.execute(query.where(contact_merges.c.id == merge_id))).first()
        if row is None:
            raise NotFound("merge")
        return _merge(row)


ENTRIES = select(
    contact_merges.c.id,
    contact_merges.c.merged_id,
    contact_merges.c.user_id,
    contact_merges.c.at,
    contact_merges.c.undone_at,
    contacts.c.first_name,
    contacts.c.last_name,
    users.c.name.label("user_name"),
).select_from(
    contact_merges.join(
        contacts,
        and_(
            contacts.c.organization_id == contact_merges.c.organization_id, contacts.c.id == contact_merges.c.merged_id
        ),
    ).outerjoin(
        users, and_(users.c.organization_id == contact_merges.c.organization_id, users.c.id == contact_merges.c.user_id)
    )
)


def _among(column: Any, ids: Iterable[Any]) -> Any:
    return column == any_(literal([UUID(str(one)) for one in ids], ARRAY(ID)))


def _entry(row: Row[Any]) -> MergeEntry:
    return MergeEntry(
        id=ContactMergeId(row.id),
        merged_id=ContactId(row.merged_id),
        merged_name=" ".join(part for part in (row.first_name, row.last_name) if part),
        at=row.at,
        user_id=UserId(row.user_id) if row.user_id else None,
        user_name=row.user_name,
        undone_at=row.undone_at,
    )


def _merge(row: Row[Any]) -> Merge:
    return Merge(
        id=ContactMergeId(row.id),
        kept_id=ContactId(row.kept_id),
        merged_id=ContactId(row.merged_id),
        user_id=UserId(row.user_id) if row.user_id else None,
        at=row.at,
        effect=_effect(row.before, row.moved) if row.before and row.moved else None,
        undone_at=row.undone_at,
    )


def _told(effect: MergeEffect | None) -> dict[str, Any]:
    if effect is None:
        return {"before": None, "moved": None}
    records = {"before": _document(effect.before), "after": _document(effect.after)}
    return {"before": records, "moved": {**effect.moved, "halted": list(effect.halted)}}


def _effect(records: Mapping[str, Any], moved: Mapping[str, Any]) -> MergeEffect:
    return MergeEffect(
        before=contact_of(records["before"]),
        after=contact_of(records["after"]),
        moved={name: value for name, value in moved.items() if name != "halted"},
        halted=moved["halted"],
    )


def _document(contact: Contact) -> dict[str, Any]:
    return {field.name: _plain(getattr(contact, field.name)) for field in fields(contact)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value.value if isinstance(value, Enum) else value


def contact_of(document: Mapping[str, Any]) -> Contact:
    """A record as it was kept."""
    known = {field.name for field in fields(Contact)}
    values = {name: value for name, value in document.items() if name in known}
    values |= {name: UUID(values[name]) for name in IDS if values[name]}
    values |= {name: datetime.fromisoformat(values[name]) for name in TIMES if values.get(name)}
    return Contact(**{**values, "email_state": EmailState(values["email_state"])})
