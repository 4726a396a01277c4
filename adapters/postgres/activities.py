"""The activity log in PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Row, and_, bindparam, cast, column, func, insert, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.directory_tables import contact_notes
from adapters.postgres.merged_people import merged_into
from adapters.postgres.paging import read_cursor, write_cursor
from adapters.postgres.tables import ID, TIME, activities, contacts, emails, salesflows, users
from domain.activities.followers import Follower, bells
from domain.activities.model import OF_KIND, Activity, ActivityType, TimelineEntry, TimelineKind, TimelineNote
from domain.shared.ids import (
    ActivityId,
    ContactId,
    ContactNoteId,
    EmailId,
    EnrollmentId,
    Ids,
    OrganizationId,
    SalesflowId,
    UserId,
)
from domain.shared.jobs import Jobs
from domain.shared.paging import Page, PageRequest

ORDER = "activities"


class PostgresActivityLog:
    """Implements domain.activities.ports.ActivityLog."""

    def __init__(
        self,
        transaction: Transaction,
        organization_id: OrganizationId | None,
        ids: Ids,
        jobs: Jobs,
        followers: Sequence[Follower],
    ) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._ids = ids
        self._jobs = jobs
        self._followers = followers

    async def append(self, activities_: Iterable[Activity]) -> None:
        given = list(activities_)
        if not given:
            return
        entries = list(zip(map(ActivityId, self._ids.many(len(given))), given, strict=True))
        values = _columns(entries)
        # What is the same for all goes once: each value of an array has its price.
        same = {name: each[0] for name, each in values.items() if len(set(each)) == 1}
        await self._add({name: each for name, each in values.items() if name not in same}, same)
        newest: dict[ContactId, datetime] = {}
        for entry in given:
            newest[entry.contact_id] = max(entry.at, newest.get(entry.contact_id, entry.at))
        await self._touch(newest)
        await self._ring(entries)

    async def append_alike(self, activity: Activity, contact_ids: Sequence[ContactId]) -> None:
        if not contact_ids:
            return
        ids = [ActivityId(one) for one in self._ids.many(len(contact_ids))]
        same = {name: each[0] for name, each in _columns([(ids[0], activity)]).items()}
        await self._add({"id": ids, "contact_id": contact_ids}, same)
        await self._ring([(one, activity) for one in ids])

    async def _add(self, differing: Mapping[str, Sequence[Any]], same: Mapping[str, Any]) -> None:
        statement = append_statement(frozenset(differing))
        values = {"organization_id": self._organization_id, **same, **differing}
        await self._transaction.fetch(statement, **values)

    def is_followed(self, kind: ActivityType) -> bool:
        return any(kind in follower.kinds for follower in self._followers)

    async def tell_followers(self, entries: Sequence[tuple[ActivityId, Activity]]) -> None:
        """Of what was appended by a statement of its own."""
        await self._ring(entries)

    async def _ring(self, entries: Sequence[tuple[ActivityId, Activity]]) -> None:
        if self._organization_id:
            await self._jobs.put(*bells(self._followers, self._organization_id, entries))

    async def timeline(
        self, contact_id: ContactId, page: PageRequest, kind: TimelineKind | None = None
    ) -> Page[TimelineEntry]:
        query = TIMELINE.where(await self._of_person(contact_id))
        if kind:
            query = query.where(activities.c.type.in_(sorted(OF_KIND[kind])))
        if page.cursor:
            at, last_id = read_cursor(ORDER, page.cursor, (datetime, UUID))
            query = query.where(tuple_(activities.c.at, activities.c.id) < tuple_(at, last_id))
        rows = (await self._transaction.execute(query.limit(page.limit + 1))).all()
        items = [_entry(row) for row in rows[: page.limit]]
        more = len(rows) > page.limit
        last = items[-1] if items else None
        cursor = write_cursor(ORDER, (last.activity.at, last.id)) if more and last else None
        return Page(items, cursor)

    async def _of_person(self, contact_id: ContactId) -> ColumnElement[bool]:
        """What happened to records that were merged into the contact stays with them in the log."""
        merged = await merged_into(self._transaction, contact_id)
        return activities.c.contact_id.in_([contact_id, *merged]) if merged else activities.c.contact_id == contact_id

    async def _touch(self, newest: dict[ContactId, datetime]) -> None:
        """Locked in the order of the ids, so that two writers cannot wait for each other."""
        ids = sorted(newest)
        await self._transaction.fetch(TOUCH, ids=ids, ats=[newest[key] for key in ids])


PLAIN = ("at", "contact_id", "user_id", "salesflow_id", "enrollment_id", "email_id")


def _columns(entries: Sequence[tuple[ActivityId, Activity]]) -> dict[str, list[Any]]:
    return {
        "id": [key for key, _ in entries],
        "type": [entry.type.value for _, entry in entries],
        "detail": [orjson.dumps(dict(entry.detail)).decode() for _, entry in entries],
        **{name: [getattr(entry, name) for _, entry in entries] for name in PLAIN},
    }


@lru_cache(maxsize=64)
def append_statement(differing: frozenset[str]) -> CompiledStatement:
    """Takes an array for each column in which the activities differ, and one value for each of the others."""
    names = ("id", "type", "detail", *PLAIN)
    kinds = {name: activities.c[name].type for name in names}
    arrays = [name for name in names if name in differing]
    rows: Any = None
    if arrays:
        given = func.unnest(*(bindparam(name, type_=ARRAY(kinds[name])) for name in arrays))
        columns = (column(name, kinds[name]) for name in arrays)
        rows = given.table_valued(*columns, name="given").render_derived()
    values = [rows.c[name] if name in differing else bindparam(name, type_=kinds[name]) for name in names]
    entries = select(bindparam("organization_id", type_=ID), *values)
    return CompiledStatement(insert(activities).from_select(["organization_id", *names], entries))


def _touching() -> CompiledStatement:
    """Moves the last activity of many contacts forward, never back."""
    moved = (
        func.unnest(bindparam("ids", type_=ARRAY(ID)), bindparam("ats", type_=ARRAY(TIME)))
        .table_valued(column("id", ID), column("at", TIME))
        .render_derived()
    )
    older = (
        select(contacts.c.id, moved.c.at)
        .join(moved, contacts.c.id == moved.c.id)
        .where(contacts.c.last_activity_at < moved.c.at)
        .order_by(contacts.c.id)
        .with_for_update(of=contacts, key_share=True)
        .cte("older")
    )
    return CompiledStatement(update(contacts).where(contacts.c.id == older.c.id).values(last_activity_at=older.c.at))


TOUCH = _touching()
TIMELINE = (
    select(
        activities,
        users.c.name.label("user_name"),
        salesflows.c.name.label("salesflow_name"),
        emails.c.subject.label("email_subject"),
        contact_notes.c.id.label("note_id"),
        contact_notes.c.text.label("note_text"),
        contact_notes.c.version.label("note_version"),
        contact_notes.c.updated_at.label("note_updated_at"),
    )
    .select_from(
        activities.outerjoin(
            users, and_(users.c.organization_id == activities.c.organization_id, users.c.id == activities.c.user_id)
        )
        .outerjoin(
            salesflows,
            and_(
                salesflows.c.organization_id == activities.c.organization_id,
                salesflows.c.id == activities.c.salesflow_id,
            ),
        )
        .outerjoin(
            emails, and_(emails.c.organization_id == activities.c.organization_id, emails.c.id == activities.c.email_id)
        )
        .outerjoin(
            contact_notes,
            and_(
                contact_notes.c.organization_id == activities.c.organization_id,
                contact_notes.c.id == cast(activities.c.detail["note_id"].astext, ID),
                contact_notes.c.deleted_at.is_(None),
            ),
        )
    )
    .where(or_(activities.c.type != ActivityType.NOTE_ADDED.value, contact_notes.c.id.is_not(None)))
    .order_by(activities.c.at.desc(), activities.c.id.desc())
)


def _entry(row: Row[tuple[object, ...]]) -> TimelineEntry:
    activity = Activity(
        type=ActivityType(row.type),
        at=row.at,
        contact_id=ContactId(row.contact_id),
        user_id=UserId(row.user_id) if row.user_id else None,
        salesflow_id=SalesflowId(row.salesflow_id) if row.salesflow_id else None,
        enrollment_id=EnrollmentId(row.enrollment_id) if row.enrollment_id else None,
        email_id=EmailId(row.email_id) if row.email_id else None,
        detail=row.detail,
    )
    note = None
    if row.note_id:
        note = TimelineNote(ContactNoteId(row.note_id), row.note_text, row.note_version, row.note_updated_at)
    return TimelineEntry(ActivityId(row.id), activity, row.user_name, row.salesflow_name, row.email_subject, note)
