"""Everything by which users get in, over all of its tables: for those who administer them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, delete, func, select

from adapters.postgres.account_tables import (
    audit_entries,
    identities,
    one_time_links,
    passkeys,
    recovery_codes,
    totp_secrets,
)
from adapters.postgres.connection import Transaction
from adapters.postgres.tables import access_tokens, connection_attempts, credentials, sessions, users
from domain.shared.ids import UserId

KEYLESS = (credentials, passkeys, totp_secrets, recovery_codes, identities, one_time_links, connection_attempts)


class PostgresWaysIn:
    """Implements domain.accounts.ports.WaysIn."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def last_used(self, user_ids: Iterable[UserId]) -> dict[UserId, datetime]:
        rows = (await self._transaction.execute(LAST_USED.where(users.c.id.in_(set(user_ids))))).all()
        return {UserId(row.id): row.at for row in rows if row.at}

    async def close_all(self, user_id: UserId) -> Sequence[bytes]:
        for table in KEYLESS:
            await self._transaction.execute(delete(table).where(table.c.user_id == user_id))
        return [*await self._gone(sessions, user_id), *await self._gone(access_tokens, user_id)]

    async def _gone(self, table: Table, user_id: UserId) -> list[bytes]:
        gone = delete(table).where(table.c.user_id == user_id).returning(table.c.token_hash)
        return [bytes(row.token_hash) for row in (await self._transaction.execute(gone)).all()]


def _of_user(table: Table, user_column: str = "user_id") -> ColumnElement[bool]:
    return and_(table.c.organization_id == users.c.organization_id, table.c[user_column] == users.c.id)


# Sessions that ended are gone, but for what they did: signing in is on record.
LAST_USED = select(
    users.c.id,
    func.greatest(
        select(func.max(sessions.c.last_seen_at)).where(_of_user(sessions)).scalar_subquery(),
        select(func.max(access_tokens.c.last_used_at)).where(_of_user(access_tokens)).scalar_subquery(),
        select(audit_entries.c.at)
        .where(_of_user(audit_entries, "actor_id"))
        .order_by(audit_entries.c.seq.desc())
        .limit(1)
        .scalar_subquery(),
    ).label("at"),
)
