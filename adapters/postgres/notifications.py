"""Notifications, what was told already, and whose turn it is to be written to."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    RowMapping,
    and_,
    bindparam,
    case,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.account_tables import (
    audit_entries,
    notification_emails,
    notifications,
    notified_activities,
)
from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.paging import read_cursor, write_cursor
from adapters.postgres.tables import activities, contacts, emails, salesflows
from domain.accounts.audit import Action
from domain.activities.model import Activity, ActivityType
from domain.notifications.model import FeedItem, FeedPage, Happened, Link, News, NotificationKind, Told
from domain.shared.errors import NotFound
from domain.shared.ids import (
    ActivityId,
    ContactId,
    EmailId,
    Ids,
    NotificationId,
    OrganizationId,
    SalesflowId,
    UserId,
)
from domain.shared.paging import PageRequest

ORDER = "feed"

Found = Row[tuple[object, ...]]
own = notifications.c


class PostgresNotifications:
    """Implements domain.notifications.ports.NotificationStore."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None, ids: Ids) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._ids = ids

    async def happened(self, activity_ids: Sequence[ActivityId]) -> Sequence[Happened]:
        query = HAPPENED.where(activities.c.id.in_(activity_ids)).order_by(activities.c.at, activities.c.id)
        return [_happened(row) for row in (await self._transaction.execute(query)).all()]

    async def claim(self, ids: Iterable[UUID], now: datetime) -> set[UUID]:
        values = [{"organization_id": self._organization_id, "activity_id": one, "at": now} for one in sorted(set(ids))]
        if not values:
            return set()
        claimed = insert(notified_activities).values(values).on_conflict_do_nothing()
        rows = await self._transaction.execute(claimed.returning(notified_activities.c.activity_id))
        return set(rows.scalars())

    async def tell(self, news: Sequence[News]) -> Sequence[Told]:
        statement = insert(notifications).values([self._row(one) for one in news])
        newer = statement.excluded.at >= own.at
        told = statement.on_conflict_do_update(
            index_elements=[own.organization_id, own.user_id, own.group_key],
            index_where=own.read_at.is_(None),
            set_={
                "count": own.count + statement.excluded.count,
                "at": func.greatest(own.at, statement.excluded.at),
                "detail": case((newer, statement.excluded.detail), else_=own.detail),
            },
        )
        return [_told(row) for row in (await self._transaction.execute(told.returning(notifications))).mappings()]

    async def lock(self, notification_id: NotificationId) -> Told | None:
        query = select(notifications).where(own.id == notification_id).with_for_update(key_share=True)
        row = (await self._transaction.execute(query)).mappings().one_or_none()
        return _told(row) if row else None

    async def mailed(self, notification_ids: Sequence[NotificationId]) -> None:
        await self._transaction.execute(
            update(notifications).where(own.id.in_(notification_ids)).values(mailed=own.count)
        )

    async def take_turn(
        self, user_id: UserId, contact_id: ContactId, now: datetime, pause: timedelta
    ) -> datetime | None:
        last = notification_emails.c
        turn = insert(notification_emails).values(
            organization_id=self._organization_id, user_id=user_id, contact_id=contact_id, last_at=now
        )
        taken = turn.on_conflict_do_update(
            index_elements=[last.organization_id, last.user_id, last.contact_id],
            set_={"last_at": now},
            where=last.last_at <= now - pause,
        )
        if (await self._transaction.execute(taken.returning(last.last_at))).one_or_none():
            return None
        query = select(last.last_at).where(last.user_id == user_id, last.contact_id == contact_id)
        before: datetime = (await self._transaction.execute(query)).scalar_one()
        return before + pause

    async def page(self, user_id: UserId, page: PageRequest) -> FeedPage:
        if page.cursor:
            at, last_id = read_cursor(ORDER, page.cursor, (datetime, UUID))
            rows = await self._transaction.fetch(PAGE_AFTER, user_id=user_id, size=page.limit + 1, at=at, last=last_id)
        else:
            rows = await self._transaction.fetch(PAGE, user_id=user_id, size=page.limit + 1)
        items = tuple(_item(row) for row in rows[: page.limit])
        more = len(rows) > page.limit
        cursor = write_cursor(ORDER, (items[-1].at, items[-1].id)) if more else None
        return FeedPage(items, cursor, await self._unread(user_id))

    async def newest_unread(self, user_id: UserId, limit: int) -> tuple[Sequence[FeedItem], int]:
        rows = await self._transaction.fetch(NEWEST_UNREAD, user_id=user_id, size=limit)
        # Whoever sees less than the limit has seen them all.
        unread = len(rows) if len(rows) < limit else await self._unread(user_id)
        return [_item(row) for row in rows], unread

    async def inviter_of(self, user_id: UserId) -> UserId | None:
        invited = audit_entries.c.action.in_([Action.USER_INVITED.value, Action.INVITATION_SENT_AGAIN.value])
        query = select(audit_entries.c.actor_id).where(invited, audit_entries.c.target_id == user_id)
        query = query.where(audit_entries.c.actor_id.is_not(None)).order_by(audit_entries.c.seq.desc()).limit(1)
        found = (await self._transaction.execute(query)).scalar_one_or_none()
        return UserId(found) if found else None

    async def read(self, user_id: UserId, up_to: NotificationId | None, now: datetime) -> int:
        statement = update(notifications).where(own.user_id == user_id, own.read_at.is_(None))
        if up_to is not None:
            query = select(own.at, own.id).where(own.id == up_to, own.user_id == user_id)
            last = (await self._transaction.execute(query)).one_or_none()
            if last is None:
                raise NotFound("notification")
            statement = statement.where(tuple_(own.at, own.id) <= tuple_(last.at, last.id))
        await self._transaction.execute(statement.values(read_at=now))
        return await self._unread(user_id)

    async def _unread(self, user_id: UserId) -> int:
        [row] = await self._transaction.fetch(UNREAD, user_id=user_id)
        return int(row[0])

    def _row(self, news: News) -> dict[str, object]:
        return {
            "organization_id": self._organization_id,
            "id": self._ids.new(),
            "user_id": news.user_id,
            "kind": news.kind.value,
            "group_key": news.group,
            "count": news.count,
            "at": news.at,
            "contact_id": news.contact_id,
            "email_id": news.email_id,
            "salesflow_id": news.salesflow_id,
            "detail": dict(news.detail),
        }


def _of(table: FromClause, key: ColumnElement[Any], source: FromClause) -> ColumnElement[bool]:
    """The row of `table` that `key` of `source` names."""
    return and_(table.c.organization_id == source.c.organization_id, table.c.id == key)


HAPPENED = select(
    activities.c.id,
    activities.c.type,
    activities.c.at,
    activities.c.contact_id,
    activities.c.user_id,
    activities.c.detail,
    emails.c.id.label("email_id"),
    salesflows.c.id.label("salesflow_id"),
).select_from(
    activities.join(contacts, and_(_of(contacts, activities.c.contact_id, activities), contacts.c.deleted_at.is_(None)))
    .outerjoin(emails, _of(emails, activities.c.email_id, activities))
    .outerjoin(salesflows, _of(salesflows, activities.c.salesflow_id, activities))
)
SHOWN = (
    select(
        own.id,
        own.user_id,
        own.kind,
        own.at,
        own.read_at,
        own.count,
        own.detail,
        contacts.c.id.label("contact_id"),
        contacts.c.first_name,
        contacts.c.last_name,
        emails.c.id.label("email_id"),
        emails.c.subject,
        salesflows.c.id.label("salesflow_id"),
        salesflows.c.name.label("salesflow_name"),
    )
    .select_from(
        notifications.outerjoin(
            contacts, and_(_of(contacts, own.contact_id, notifications), contacts.c.deleted_at.is_(None))
        )
        .outerjoin(emails, _of(emails, own.email_id, notifications))
        .outerjoin(salesflows, _of(salesflows, own.salesflow_id, notifications))
    )
    .order_by(own.at.desc(), own.id.desc())
)
OF_USER = SHOWN.where(own.user_id == bindparam("user_id")).limit(bindparam("size"))
BEFORE = tuple_(own.at, own.id) < tuple_(bindparam("at", type_=own.at.type), bindparam("last", type_=own.id.type))

PAGE = CompiledStatement(OF_USER)
PAGE_AFTER = CompiledStatement(OF_USER.where(BEFORE))
NEWEST_UNREAD = CompiledStatement(OF_USER.where(own.read_at.is_(None)))
UNREAD = CompiledStatement(
    select(func.count()).where(own.user_id == bindparam("user_id"), own.read_at.is_(None)).select_from(notifications)
)


def _happened(row: Found) -> Happened:
    activity = Activity(
        type=ActivityType(row.type),
        at=row.at,
        contact_id=ContactId(row.contact_id),
        user_id=UserId(row.user_id) if row.user_id else None,
        salesflow_id=SalesflowId(row.salesflow_id) if row.salesflow_id else None,
        email_id=EmailId(row.email_id) if row.email_id else None,
        detail=row.detail,
    )
    return Happened(ActivityId(row.id), activity)


def _told(row: RowMapping) -> Told:
    return Told(
        id=NotificationId(row["id"]),
        kind=NotificationKind(row["kind"]),
        user_id=UserId(row["user_id"]),
        contact_id=ContactId(row["contact_id"]) if row["contact_id"] else None,
        count=row["count"],
        mailed=row["mailed"],
        read=row["read_at"] is not None,
    )


def _item(row: Any) -> FeedItem:
    name = " ".join(filter(None, (row["first_name"], row["last_name"])))
    return FeedItem(
        id=NotificationId(row["id"]),
        user_id=UserId(row["user_id"]),
        kind=NotificationKind(row["kind"]),
        at=row["at"],
        read=row["read_at"] is not None,
        count=row["count"],
        contact=_link(row["contact_id"], name),
        email=_link(row["email_id"], row["subject"]),
        salesflow=_link(row["salesflow_id"], row["salesflow_name"]),
        detail=row["detail"],
    )


def _link(key: UUID | None, name: str | None) -> Link | None:
    return Link(key, name) if key else None
