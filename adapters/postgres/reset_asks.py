"""Who asked for another password: left by whoever asks, taken by a worker. No organization has them."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from sqlalchemy import Integer, and_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.account_tables import password_reset_asks
from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.database import Database
from adapters.postgres.tables import credentials, users
from domain.accounts.model import UserState
from domain.accounts.resetting import Asker
from domain.shared.ids import OrganizationId, UserId


def _taking() -> CompiledStatement:
    """Twice a second, next to always in vain."""
    oldest = (
        select(password_reset_asks.c.email_key)
        .order_by(password_reset_asks.c.asked_at)
        .limit(bindparam("limit", type_=Integer()))
        .with_for_update(skip_locked=True)
    )
    taken = (
        delete(password_reset_asks)
        .where(password_reset_asks.c.email_key.in_(oldest))
        .returning(password_reset_asks.c.email_key)
        .cte("taken")
    )
    who_signs_in = and_(
        users.c.organization_id == credentials.c.organization_id,
        users.c.id == credentials.c.user_id,
        users.c.state == UserState.ACTIVE.value,
    )
    return CompiledStatement(
        select(users.c.organization_id, users.c.id)
        .select_from(taken)
        .outerjoin(credentials, credentials.c.email_key == taken.c.email_key)
        .outerjoin(users, who_signs_in)
    )


TAKE = _taking()


class PostgresResetGate:
    """Implements domain.accounts.resetting.ResetGate."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def leave_ask(self, email_key: str, now: datetime) -> None:
        statement = insert(password_reset_asks).values(email_key=email_key, asked_at=now)
        async with self._database.gate() as transaction:
            await transaction.execute(statement.on_conflict_do_nothing())


class PostgresResetAsks:
    """Implements domain.accounts.resetting.ResetAsks. For units across organizations."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def take(self, limit: int) -> Sequence[Asker | None]:
        return [_asker(row) for row in await self._transaction.fetch(TAKE, limit=limit)]


def _asker(row: asyncpg.Record) -> Asker | None:
    return Asker(OrganizationId(row["organization_id"]), UserId(row["id"])) if row["id"] else None
