"""Finds who somebody is before an organization is known: as a role of its own, which sees ids, hashes and roles alone.

Every request comes through here, so an answer serves for half a second: a revocation anywhere is felt within a second,
and at once in the process that made it.
"""

import asyncio
import time
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import structlog
from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, exists, not_, select, update

from adapters.postgres.account_tables import identities
from adapters.postgres.connection import CompiledStatement
from adapters.postgres.database import Database
from adapters.postgres.sessions import IDLE_UNTIL
from adapters.postgres.tables import access_tokens, credentials, organizations, sessions, users
from domain.accounts.model import Credentials, UserState
from domain.shared.clock import Clock
from domain.shared.errors import Unavailable
from domain.shared.ids import OrganizationId, SessionId, UserId
from domain.shared.principal import Principal, Role

log = structlog.get_logger(__name__)

SERVES_SECONDS = 0.5
REMEMBERED = 10_000
# How exactly it is known when a session or token was last used.
TOUCHED_EVERY = timedelta(minutes=1)


class PostgresGate:
    """Implements domain.accounts.ports.Gate."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._recent = RecentPrincipals()
        self._touching: dict[bytes, asyncio.Task[None]] = {}

    async def credentials(self, email_key: str) -> Credentials | None:
        async with self._database.gate() as transaction:
            rows = await transaction.fetch(CREDENTIALS, email_key=email_key)
        if not rows:
            return None
        row = rows[0]
        return Credentials(OrganizationId(row["organization_id"]), UserId(row["user_id"]), row["password_hash"])

    async def session(self, token_hash: bytes) -> Principal | None:
        known = self._recent.get(token_hash)
        if known:
            return known
        asked_at, now = self._recent.generation, self._clock.system()
        row = await self._one(SESSION, token_hash=token_hash, now=now)
        if row is None:
            return None
        self._touch_later(TOUCH_SESSION, token_hash, row["last_seen_at"], now)
        return self._recent.put(token_hash, _principal(row, None, SessionId(row["id"])), asked_at)

    async def token(self, token_hash: bytes) -> Principal | None:
        known = self._recent.get(token_hash)
        if known:
            return known
        asked_at, now = self._recent.generation, self._clock.system()
        row = await self._one(TOKEN, token_hash=token_hash, now=now)
        if row is None:
            return None
        self._touch_later(TOUCH_TOKEN, token_hash, row["last_used_at"], now)
        return self._recent.put(token_hash, _principal(row, frozenset(row["scopes"])), asked_at)

    def forget(self, token_hash: bytes) -> None:
        self._recent.forget(token_hash)

    def forget_all(self) -> None:
        self._recent.forget_all()

    async def close(self) -> None:
        """Waits for what is still being written."""
        await asyncio.gather(*self._touching.values())

    async def _one(self, statement: CompiledStatement, **values: object) -> "asyncpg.Record | None":
        async with self._database.gate() as transaction:
            rows = await transaction.fetch(statement, **values)
        return rows[0] if rows else None

    def _touch_later(
        self, statement: CompiledStatement, token_hash: bytes, last: datetime | None, now: datetime
    ) -> None:
        """Beside the request, which does not wait for it."""
        if token_hash in self._touching or (last and now - last < TOUCHED_EVERY):
            return
        task = asyncio.create_task(self._touch(statement, token_hash, now))
        self._touching[token_hash] = task
        task.add_done_callback(lambda _: self._touching.pop(token_hash, None))

    async def _touch(self, statement: CompiledStatement, token_hash: bytes, now: datetime) -> None:
        try:
            async with self._database.gate() as transaction:
                await transaction.fetch(statement, token_hash=token_hash, now=now)
        except Unavailable:
            log.warning("gate.not_touched")


class RecentPrincipals:
    """Who stood behind a hash a moment ago."""

    def __init__(self) -> None:
        self._until: dict[bytes, tuple[float, Principal]] = {}
        # Grows with every revocation: an answer that was asked for before one is not remembered after it.
        self.generation = 0

    def get(self, token_hash: bytes) -> Principal | None:
        until, principal = self._until.get(token_hash, (0.0, None))
        return principal if time.monotonic() < until else None

    def put(self, token_hash: bytes, principal: Principal, asked_at: int) -> Principal:
        if len(self._until) >= REMEMBERED:
            self._until.clear()
        if asked_at == self.generation:
            self._until[token_hash] = (time.monotonic() + SERVES_SECONDS, principal)
        return principal

    def forget(self, token_hash: bytes) -> None:
        self.generation += 1
        self._until.pop(token_hash, None)

    def forget_all(self) -> None:
        self.generation += 1
        self._until.clear()


def _principal(row: asyncpg.Record, scopes: frozenset[str] | None, session_id: SessionId | None = None) -> Principal:
    return Principal(
        OrganizationId(row["organization_id"]),
        UserId(row["user_id"]),
        Role(row["role"]),
        scopes,
        must_set_up_second_factor=row["unfinished"],
        session_id=session_id,
    )


def _of_active_user(table: Table) -> ColumnElement[bool]:
    return and_(
        users.c.organization_id == table.c.organization_id,
        users.c.id == table.c.user_id,
        users.c.state == UserState.ACTIVE.value,
    )


def _find(table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
    return select(table.c.organization_id, table.c.user_id, *columns).join_from(table, users, _of_active_user(table))


def _unfinished(table: Table, proven: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the organization requires a second factor, and this way in is without."""
    whose = organizations.c.id == table.c.organization_id
    required = select(organizations.c.require_second_factor).where(whose).scalar_subquery()
    return and_(required, not_(proven)).label("unfinished")


def _has_identity(table: Table) -> ColumnElement[bool]:
    """Who signs in elsewhere (single sign-on) shows a second factor there."""
    whose = (identities.c.organization_id == table.c.organization_id, identities.c.user_id == table.c.user_id)
    return exists(select(identities.c.user_id).where(*whose))


CREDENTIALS = CompiledStatement(
    _find(credentials, credentials.c.password_hash).where(credentials.c.email_key == bindparam("email_key"))
)
SESSION = CompiledStatement(
    _find(
        sessions, sessions.c.id, users.c.role, sessions.c.last_seen_at, _unfinished(sessions, sessions.c.second_factor)
    ).where(
        sessions.c.token_hash == bindparam("token_hash"),
        sessions.c.expires_at > bindparam("now"),
        bindparam("now") < IDLE_UNTIL,
    )
)
TOKEN = CompiledStatement(
    _find(
        access_tokens,
        users.c.role,
        access_tokens.c.scopes,
        access_tokens.c.last_used_at,
        _unfinished(access_tokens, users.c.second_factor | _has_identity(access_tokens)),
    ).where(access_tokens.c.token_hash == bindparam("token_hash"), access_tokens.c.expires_at > bindparam("now"))
)
TOUCH_SESSION = CompiledStatement(
    update(sessions).where(sessions.c.token_hash == bindparam("token_hash")).values(last_seen_at=bindparam("now"))
)
TOUCH_TOKEN = CompiledStatement(
    update(access_tokens)
    .where(access_tokens.c.token_hash == bindparam("token_hash"))
    .values(last_used_at=bindparam("now"))
)
