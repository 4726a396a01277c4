"""Mailboxes: whose they are, who may send from them just now, and up to where they were read."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import ColumnElement, Integer, Row, and_, bindparam, case, exists, func, insert, or_, select, update

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.tables import TIME, emails, mailboxes
from domain.connections.model import Mailbox, MailboxState, Provider
from domain.emails.model import Lease, LeaseLost
from domain.shared.errors import NotFound
from domain.shared.ids import ConnectionId, MailboxId, OrganizationId, UserId

Key = tuple[OrganizationId, MailboxId]
CONNECTED = mailboxes.c.state == MailboxState.CONNECTED.value
# Not required, as a statement in which some of many states are listed is not compiled without its values else.
LIMIT = bindparam("limit", type_=Integer(), required=False)
PRESENT = mailboxes.c.state != MailboxState.DISCONNECTED.value


class PostgresMailboxes:
    """Implements domain.connections.ports.MailboxStore and domain.emails.ports.MailboxStore.

    Leases run on the database's clock, so that workers need not agree on theirs.
    """

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None) -> None:
        self._transaction = transaction
        self._organization_id = organization_id

    # As connecting sees them.

    async def of_user(self, user_id: UserId) -> Mailbox | None:
        return (await self.many_of_users([user_id])).get(user_id)

    async def many_of_users(self, user_ids: Iterable[UserId]) -> Mapping[UserId, Mailbox]:
        query = select(mailboxes).where(mailboxes.c.user_id.in_(set(user_ids)), PRESENT)
        rows = (await self._transaction.execute(query)).all()
        return {UserId(row.user_id): _mailbox(row) for row in rows}

    async def get(self, mailbox_id: MailboxId) -> Mailbox:
        row = (await self._transaction.execute(select(mailboxes).where(mailboxes.c.id == mailbox_id))).one_or_none()
        if row is None:
            raise NotFound("mailbox")
        return _mailbox(row)

    async def connect(self, mailbox: Mailbox) -> Mailbox:
        others = update(mailboxes).where(mailboxes.c.user_id == mailbox.user_id)
        await self._transaction.execute(others.values(state=MailboxState.DISCONNECTED.value))
        again = (
            update(mailboxes)
            .where(mailboxes.c.user_id == mailbox.user_id, mailboxes.c.address == mailbox.address)
            .values(
                state=MailboxState.CONNECTED.value,
                connection_id=mailbox.connection_id,
                history_cursor=func.coalesce(mailboxes.c.history_cursor, mailbox.history_cursor),
                next_sync_at=None,
                paused_until=None,
                paused_reason=None,
            )
            .returning(mailboxes)
        )
        row = (await self._transaction.execute(again)).one_or_none()
        if row:
            return _mailbox(row)
        await self._transaction.execute(
            insert(mailboxes).values(
                organization_id=self._organization_id,
                id=mailbox.id,
                user_id=mailbox.user_id,
                connection_id=mailbox.connection_id,
                provider=mailbox.provider.value,
                address=mailbox.address,
                display_name=mailbox.display_name,
                state=mailbox.state.value,
                history_cursor=mailbox.history_cursor,
                per_day=mailbox.per_day,
                per_minute=mailbox.per_minute,
                created_at=mailbox.created_at,
            )
        )
        return mailbox

    async def limit(self, mailbox_id: MailboxId, per_day: int, per_minute: int) -> Mailbox:
        limited = update(mailboxes).where(mailboxes.c.id == mailbox_id).returning(mailboxes)
        row = (await self._transaction.execute(limited.values(per_day=per_day, per_minute=per_minute))).one_or_none()
        if row is None:
            raise NotFound("mailbox")
        return _mailbox(row)

    async def lose(self, connection_id: ConnectionId) -> None:
        statement = update(mailboxes).where(mailboxes.c.connection_id == connection_id, CONNECTED)
        await self._transaction.execute(statement.values(state=MailboxState.NEEDS_RECONNECT.value))

    async def disconnect(self, connection_id: ConnectionId) -> None:
        statement = update(mailboxes).where(mailboxes.c.connection_id == connection_id)
        await self._transaction.execute(statement.values(state=MailboxState.DISCONNECTED.value))

    # As sending sees them.

    async def waiting_to_send(self, now: datetime, limit: int) -> Sequence[Key]:
        """For units across organizations. `now` is business time."""
        return _keys(await self._transaction.fetch(WAITING_TO_SEND, now=now, limit=limit))

    async def lease(self, mailbox_id: MailboxId, seconds: float) -> Lease | None:
        before = select(mailboxes.c.id, mailboxes.c.lease_until).where(mailboxes.c.id == mailbox_id, CONNECTED, _free())
        free = before.with_for_update(skip_locked=True).cte("free")
        statement = (
            update(mailboxes)
            .where(mailboxes.c.id == free.c.id)
            .values(fence=mailboxes.c.fence + 1, lease_until=_in(seconds))
            .returning(mailboxes, free.c.lease_until.is_not(None).label("abandoned"))
        )
        row = (await self._transaction.execute(statement)).one_or_none()
        return Lease(_mailbox(row), row.fence, row.abandoned) if row else None

    async def hold(self, mailbox_id: MailboxId, fence: int, seconds: float) -> Mailbox:
        statement = (
            update(mailboxes)
            .where(mailboxes.c.id == mailbox_id, mailboxes.c.fence == fence)
            .values(lease_until=_in(seconds))
            .returning(mailboxes)
        )
        row = (await self._transaction.execute(statement)).one_or_none()
        if row is None:
            raise LeaseLost
        return _mailbox(row)

    async def release(self, mailbox_id: MailboxId, fence: int, *, tidy: bool) -> None:
        until = None if tidy else func.clock_timestamp()
        await self._held(mailbox_id, fence, lease_until=until)

    async def pace(self, mailbox_id: MailboxId, fence: int, seconds: float) -> None:
        await self._held(mailbox_id, fence, next_send_at=_in(seconds))

    async def pause(self, mailbox_id: MailboxId, until: datetime, reason: str, *, throttles: int = 0) -> None:
        longer = mailboxes.c.paused_until > until
        statement = update(mailboxes).where(mailboxes.c.id == mailbox_id)
        await self._transaction.execute(
            statement.values(
                paused_until=func.greatest(mailboxes.c.paused_until, until),
                paused_reason=case((longer, mailboxes.c.paused_reason), else_=reason),
                throttles=throttles,
            )
        )

    async def flows_again(self, mailbox_id: MailboxId) -> None:
        statement = update(mailboxes).where(mailboxes.c.id == mailbox_id)
        await self._transaction.execute(statement.values(paused_reason=None, throttles=0))

    # As reading sees them.

    async def claim_reading(self, now: datetime, every: timedelta, limit: int) -> Sequence[Key]:
        """For units across organizations. `now` is system time."""
        rows = await self._transaction.fetch(CLAIM_READING, now=now, next_sync_at=now + every, limit=limit)
        return _keys(rows)

    async def was_read(
        self, mailbox_id: MailboxId, before: str | None, cursor: str | None, synced: datetime | None
    ) -> None:
        same = mailboxes.c.history_cursor.is_not_distinct_from(before)
        statement = update(mailboxes).where(mailboxes.c.id == mailbox_id, same)
        await self._transaction.execute(
            statement.values(history_cursor=cursor, **({"synced_at": synced} if synced else {}))
        )

    async def read_later(self, mailbox_id: MailboxId, until: datetime) -> None:
        statement = update(mailboxes).where(mailboxes.c.id == mailbox_id)
        await self._transaction.execute(statement.values(next_sync_at=until))

    async def _held(self, mailbox_id: MailboxId, fence: int, **values: object) -> None:
        statement = update(mailboxes).where(mailboxes.c.id == mailbox_id, mailboxes.c.fence == fence)
        await self._transaction.execute(statement.values(**values))


def _free() -> ColumnElement[bool]:
    now = func.clock_timestamp()
    return and_(
        or_(mailboxes.c.lease_until.is_(None), mailboxes.c.lease_until < now),
        or_(mailboxes.c.next_send_at.is_(None), mailboxes.c.next_send_at <= now),
        or_(mailboxes.c.paused_until.is_(None), mailboxes.c.paused_until <= now),
    )


def _has_email(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    of_mailbox = and_(emails.c.organization_id == mailboxes.c.organization_id, emails.c.mailbox_id == mailboxes.c.id)
    return exists().where(of_mailbox, *conditions).correlate(mailboxes)


def _in(seconds: float) -> ColumnElement[datetime]:
    return func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)


# What follows is asked twice a second, most often in vain.


def _waiting_to_send() -> CompiledStatement:
    due = emails.c.due_at <= bindparam("now", type_=TIME, required=False)
    checked = emails.c.next_check_at <= func.clock_timestamp()
    work = or_(
        _has_email(emails.c.state.in_(("ready", "drafted")), due),
        _has_email(emails.c.state.in_(("sending", "unknown")), checked),
        _has_email(emails.c.state.in_(("cancelled", "failed")), emails.c.draft_id.is_not(None)),
    )
    query = select(mailboxes.c.organization_id, mailboxes.c.id).where(CONNECTED, _free(), work)
    return CompiledStatement(query.order_by(mailboxes.c.next_send_at.nulls_first()).limit(LIMIT))


def _claim_reading() -> CompiledStatement:
    may_be_read = or_(mailboxes.c.next_sync_at.is_(None), mailboxes.c.next_sync_at <= bindparam("now", type_=TIME))
    due = (
        select(mailboxes.c.organization_id, mailboxes.c.id)
        .where(CONNECTED, may_be_read)
        .order_by(mailboxes.c.next_sync_at.nulls_first())
        .limit(LIMIT)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    statement = update(mailboxes).where(
        mailboxes.c.organization_id == due.c.organization_id, mailboxes.c.id == due.c.id
    )
    claimed = statement.values(next_sync_at=bindparam("next_sync_at", type_=TIME))
    return CompiledStatement(claimed.returning(mailboxes.c.organization_id, mailboxes.c.id))


WAITING_TO_SEND, CLAIM_READING = _waiting_to_send(), _claim_reading()


def _keys(rows: Sequence[asyncpg.Record]) -> list[Key]:
    return [(OrganizationId(row["organization_id"]), MailboxId(row["id"])) for row in rows]


def _mailbox(row: Row[Any]) -> Mailbox:
    return Mailbox(
        organization_id=OrganizationId(row.organization_id),
        id=MailboxId(row.id),
        user_id=UserId(row.user_id),
        connection_id=ConnectionId(row.connection_id),
        provider=Provider(row.provider),
        address=row.address,
        display_name=row.display_name,
        state=MailboxState(row.state),
        created_at=row.created_at,
        history_cursor=row.history_cursor,
        synced_at=row.synced_at,
        next_send_at=row.next_send_at,
        paused_until=row.paused_until,
        paused_reason=row.paused_reason,
        throttles=row.throttles,
        per_day=row.per_day,
        per_minute=row.per_minute,
    )
