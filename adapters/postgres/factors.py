"""Second factors: the secrets of apps, sealed, and recovery codes, hashed. Each code serves once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.postgres.account_tables import recovery_codes, totp_secrets
from adapters.postgres.connection import Transaction
from domain.accounts.factors import TotpSecret
from domain.shared.ids import Ids, OrganizationId, UserId


class PostgresFactors:
    """Implements domain.accounts.access_ports.Factors."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None, ids: Ids) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._ids = ids

    async def totp(self, user_id: UserId) -> TotpSecret | None:
        query = select(totp_secrets).where(totp_secrets.c.user_id == user_id)
        row = (await self._transaction.execute(query)).first()
        if row is None:
            return None
        return TotpSecret(UserId(row.user_id), bytes(row.secret), row.created_at, row.confirmed_at, row.last_step)

    async def put_totp(self, secret: TotpSecret) -> bool:
        values = {"secret": secret.secret, "created_at": secret.created_at, "last_step": secret.last_step}
        statement = (
            upsert(totp_secrets)
            .values(organization_id=self._organization_id, user_id=secret.user_id, **values)
            .on_conflict_do_update(
                index_elements=["organization_id", "user_id"], set_=values, where=totp_secrets.c.confirmed_at.is_(None)
            )
            .returning(totp_secrets.c.user_id)
        )
        return (await self._transaction.execute(statement)).first() is not None

    async def confirm_totp(self, user_id: UserId, step: int, now: datetime) -> bool:
        statement = (
            update(totp_secrets)
            .where(totp_secrets.c.user_id == user_id, totp_secrets.c.confirmed_at.is_(None))
            .values(confirmed_at=now, last_step=step)
            .returning(totp_secrets.c.user_id)
        )
        return (await self._transaction.execute(statement)).first() is not None

    async def take_step(self, user_id: UserId, step: int) -> bool:
        statement = (
            update(totp_secrets)
            .where(totp_secrets.c.user_id == user_id, totp_secrets.c.last_step < step)
            .values(last_step=step)
            .returning(totp_secrets.c.user_id)
        )
        return (await self._transaction.execute(statement)).first() is not None

    async def remove_totp(self, user_id: UserId) -> bool:
        statement = delete(totp_secrets).where(totp_secrets.c.user_id == user_id).returning(totp_secrets.c.confirmed_at)
        row = (await self._transaction.execute(statement)).first()
        return row is not None and row.confirmed_at is not None

    async def replace_codes(self, user_id: UserId, hashes: Sequence[bytes], now: datetime) -> None:
        await self.remove_codes(user_id)
        whose = {"organization_id": self._organization_id, "user_id": user_id, "created_at": now}
        rows = [{**whose, "id": self._ids.new(), "code_hash": code_hash} for code_hash in hashes]
        await self._transaction.execute(insert(recovery_codes), rows)

    async def take_code(self, user_id: UserId, code_hash: bytes, now: datetime) -> bool:
        codes = recovery_codes.c
        statement = (
            update(recovery_codes)
            .where(codes.user_id == user_id, codes.code_hash == code_hash, codes.used_at.is_(None))
            .values(used_at=now)
            .returning(codes.id)
        )
        return (await self._transaction.execute(statement)).first() is not None

    async def codes_left(self, user_id: UserId) -> int:
        query = select(func.count()).select_from(recovery_codes)
        query = query.where(recovery_codes.c.user_id == user_id, recovery_codes.c.used_at.is_(None))
        return int((await self._transaction.execute(query)).scalar_one())

    async def remove_codes(self, user_id: UserId) -> None:
        await self._transaction.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
