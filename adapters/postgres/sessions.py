"""The sessions of an organization, as hashes of their tokens."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select, true, update

from adapters.postgres.connection import Transaction
from adapters.postgres.tables import sessions, users
from domain.accounts.model import Session, SignInPolicy
from domain.shared.ids import OrganizationId, SessionId, UserId

IDLE_UNTIL: ColumnElement[datetime] = sessions.c.last_seen_at + func.make_interval(
    0, 0, 0, 0, 0, 0, sessions.c.idle_seconds
)


class PostgresSessions:
    """Implements domain.accounts.access_ports.Sessions."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None) -> None:
        self._transaction = transaction
        self._organization_id = organization_id

    async def add(self, session: Session) -> None:
        await self._transaction.execute(
            insert(sessions).values(
                organization_id=self._organization_id,
                id=session.id,
                user_id=session.user_id,
                token_hash=session.token_hash,
                created_at=session.created_at,
                last_seen_at=session.last_seen_at,
                expires_at=session.expires_at,
                address=session.address,
                user_agent=session.user_agent,
                idle_seconds=session.idle_seconds,
                second_factor=session.second_factor,
            )
        )

    async def end(self, token_hash: bytes) -> None:
        await self._transaction.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    async def forget_old(self, user_id: UserId, now: datetime) -> None:
        over = or_(sessions.c.expires_at <= now, now >= IDLE_UNTIL)
        await self._transaction.execute(delete(sessions).where(sessions.c.user_id == user_id, over))

    async def of_user(self, user_id: UserId, now: datetime) -> Sequence[Session]:
        serving = (sessions.c.expires_at > now, now < IDLE_UNTIL)
        query = select(sessions).where(sessions.c.user_id == user_id, *serving)
        query = query.order_by(sessions.c.last_seen_at.desc(), sessions.c.id.desc())
        return [_session(row) for row in (await self._transaction.execute(query)).all()]

    async def end_of_user(self, user_id: UserId, session_id: SessionId) -> bytes | None:
        ended = await self._ended(sessions.c.user_id == user_id, sessions.c.id == session_id)
        return ended[0] if ended else None

    async def end_others(self, user_id: UserId, but: SessionId | None, *, unproven_only: bool = False) -> list[bytes]:
        others = sessions.c.id != but if but else true()
        unproven = sessions.c.second_factor.is_(False) if unproven_only else true()
        return await self._ended(sessions.c.user_id == user_id, others, unproven)

    async def prove(self, session_id: SessionId) -> bytes | None:
        statement = update(sessions).where(sessions.c.id == session_id).values(second_factor=True)
        found = (await self._transaction.execute(statement.returning(sessions.c.token_hash))).first()
        return bytes(found.token_hash) if found else None

    async def confirmed_at(self, session_id: SessionId) -> datetime | None:
        at = func.coalesce(sessions.c.confirmed_at, sessions.c.created_at)
        found: datetime | None = (
            await self._transaction.execute(select(at).where(sessions.c.id == session_id))
        ).scalar_one_or_none()
        return found

    async def confirm(self, session_id: SessionId, now: datetime) -> bool:
        statement = update(sessions).where(sessions.c.id == session_id).values(confirmed_at=now)
        return (await self._transaction.execute(statement.returning(sessions.c.id))).first() is not None

    async def doubt(self, user_id: UserId) -> list[bytes]:
        statement = update(sessions).where(sessions.c.user_id == user_id).values(second_factor=False)
        rows = (await self._transaction.execute(statement.returning(sessions.c.token_hash))).all()
        return [bytes(row.token_hash) for row in rows]

    async def tighten(self, policy: SignInPolicy) -> None:
        longest = sessions.c.created_at + func.make_interval(0, 0, 0, policy.session_days)
        await self._transaction.execute(
            update(sessions).values(
                idle_seconds=func.least(sessions.c.idle_seconds, policy.session_idle_minutes * 60),
                expires_at=func.least(sessions.c.expires_at, longest),
            )
        )

    async def end_unproven(self) -> None:
        who = select(users.c.id).where(users.c.second_factor)
        await self._ended(sessions.c.second_factor.is_(False), sessions.c.user_id.in_(who))

    async def _ended(self, *which: ColumnElement[bool]) -> list[bytes]:
        statement = delete(sessions).where(*which).returning(sessions.c.token_hash)
        return [bytes(row.token_hash) for row in (await self._transaction.execute(statement)).all()]


def _session(row: Row[tuple[object, ...]]) -> Session:
    return Session(
        id=SessionId(row.id),
        user_id=UserId(row.user_id),
        token_hash=bytes(row.token_hash),
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        address=row.address,
        user_agent=row.user_agent,
        idle_seconds=row.idle_seconds,
        second_factor=row.second_factor,
    )
