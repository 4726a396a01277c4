"""Everything by which users get in, over all of its tables."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, delete, func, select, true

from adapters.postgres.account_tables import (
    audit_entries,
    identities,
    identity_providers,
    one_time_links,
    passkeys,
    recovery_codes,
    totp_secrets,
)
from adapters.postgres.connection import Transaction
from adapters.postgres.tables import access_tokens, connection_attempts, credentials, sessions, users
from domain.accounts.factors import Way
from domain.shared.ids import UserId

KEYLESS = (credentials, passkeys, totp_secrets, recovery_codes, identities, one_time_links, connection_attempts)


class PostgresWaysIn:
    """Implements domain.accounts.ports.WaysIn."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def last_used(self, user_ids: Iterable[UserId]) -> dict[UserId, datetime]:
        rows = (await self._transaction.execute(LAST_USED.where(users.c.id.in_(set(user_ids))))).all()
        return {UserId(row.id): row.at for row in rows if row.at}

    async def of_user(self, user_id: UserId) -> Sequence[Way]:
        row = (await self._transaction.execute(WAYS.where(users.c.id == user_id))).one()
        return [way for way in Way if row._mapping[way.value]]

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


def _has(table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(table.c.user_id).where(_of_user(table), *conditions).exists()


AT_THE_PROVIDER = and_(
    identity_providers.c.organization_id == identities.c.organization_id,
    identity_providers.c.issuer == identities.c.issuer,
    identity_providers.c.enabled,
)
WAYS = select(
    _has(credentials).label(Way.PASSWORD),
    _has(totp_secrets, totp_secrets.c.confirmed_at.is_not(None)).label(Way.TOTP),
    _has(recovery_codes, recovery_codes.c.used_at.is_(None)).label(Way.RECOVERY_CODE),
    _has(passkeys).label(Way.PASSKEY),
    _has(identities, select(true()).where(AT_THE_PROVIDER).exists()).label(Way.SINGLE_SIGN_ON),
)
