"""The activity log in PostgreSQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, column, func, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.paging import read_cursor, write_cursor
from adapters.postgres.tables import ID, TIME, activities, contacts, emails, salesflows, users
from domain.activities.followers import Follower, bells
from domain.activities.model import Activity, ActivityType, TimelineEntry
from domain.shared.ids import ActivityId, ContactId, EmailId, EnrollmentId, Ids, OrganizationId, SalesflowId, UserId
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
        entries = [(ActivityId(self._ids.new()), entry) for entry in activities_]
        if not entries:
            return
        await self._transaction.execute(insert(activities), [self._row(key, entry) for key, entry in entries])
        newest: dict[ContactId, datetime] = {}
        for _, entry in entries:
            newest[entry.contact_id] = max(entry.at, newest.get(entry.contact_id, entry.at))
        await self._touch(newest)
        if self._organization_id:
            await self._jobs.put(*bells(self._followers, self._organization_id, entries))

    async def timeline(self, contact_id: ContactId, page: PageRequest) -> Page[TimelineEntry]:
        query = TIMELINE.where(activities.c.contact_id == contact_id)
        if page.cursor:
            at, last_id = read_cursor(ORDER, page.cursor, (datetime, UUID))
            query = query.where(tuple_(activities.c.at, activities.c.id) < tuple_(at, last_id))
        rows = (await self._transaction.execute(query.limit(page.limit + 1))).all()
        items = [_entry(row) for row in rows[: page.limit]]
        more = len(rows) > page.limit
        last = items[-1] if items else None
        cursor = write_cursor(ORDER, (last.activity.at, last.id)) if more and last else None
        return Page(items, cursor)

    async def _touch(self, newest: dict[ContactId, datetime]) -> None:
        """Locked in the order of the ids, so that two writers cannot wait for each other."""
        ids = sorted(newest)
        await self._transaction.fetch(TOUCH, ids=ids, ats=[newest[key] for key in ids])

    def _row(self, activity_id: ActivityId, entry: Activity) -> dict[str, object]:
        return {
            "organization_id": self._organization_id,
            "id": activity_id,
            "at": entry.at,
            "type": entry.type.value,
            "contact_id": entry.contact_id,
            "user_id": entry.user_id,
            "salesflow_id": entry.salesflow_id,
            "enrollment_id": entry.enrollment_id,
            "email_id": entry.email_id,
            "detail": dict(entry.detail),
        }


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
    )
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
    return TimelineEntry(ActivityId(row.id), activity, row.user_name, row.salesflow_name, row.email_subject)
