"""Passkeys of an organization; and the gate to them, which finds one before an organization is known."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from adapters.postgres.account_tables import passkey_challenges, passkeys
from adapters.postgres.connection import Transaction
from adapters.postgres.database import Database
from adapters.postgres.tables import users
from domain.accounts.factors import KnownPasskey, Passkey
from domain.accounts.model import UserState
from domain.shared.errors import AlreadyExists, NotFound
from domain.shared.ids import OrganizationId, PasskeyId, UserId


class PostgresPasskeys:
    """Implements domain.accounts.access_ports.PasskeyStore."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None) -> None:
        self._transaction = transaction
        self._organization_id = organization_id

    async def of_user(self, user_id: UserId) -> Sequence[Passkey]:
        query = select(passkeys).where(passkeys.c.user_id == user_id).order_by(passkeys.c.id)
        return [_passkey(row) for row in (await self._transaction.execute(query)).all()]

    async def add(self, passkey: Passkey) -> None:
        try:
            await self._transaction.execute(
                insert(passkeys).values(
                    organization_id=self._organization_id,
                    id=passkey.id,
                    user_id=passkey.user_id,
                    name=passkey.name,
                    credential_id=passkey.credential_id,
                    public_key=passkey.public_key,
                    sign_count=passkey.sign_count,
                    transports=list(passkey.transports),
                    created_at=passkey.created_at,
                )
            )
        except IntegrityError as error:
            raise AlreadyExists("This passkey is in use already.", "passkey") from error

    async def remove(self, user_id: UserId, passkey_id: PasskeyId) -> Passkey:
        statement = delete(passkeys).where(passkeys.c.user_id == user_id, passkeys.c.id == passkey_id)
        row = (await self._transaction.execute(statement.returning(passkeys))).first()
        if row is None:
            raise NotFound("passkey")
        return _passkey(row)

    async def use(self, credential_id: bytes, before: int, after: int, now: datetime) -> bool:
        statement = (
            update(passkeys)
            .where(passkeys.c.credential_id == credential_id, passkeys.c.sign_count == before)
            .values(sign_count=after, last_used_at=now)
            .returning(passkeys.c.id)
        )
        return (await self._transaction.execute(statement)).first() is not None


class PostgresPasskeyGate:
    """Implements domain.accounts.access_ports.PasskeyGate. Challenges are nobody's: no organization has them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep_challenge(
        self, challenge_id: UUID, challenge: bytes, user_id: UserId | None, expires_at: datetime
    ) -> None:
        values = {"id": challenge_id, "challenge": challenge, "user_id": user_id, "expires_at": expires_at}
        async with self._database.gate() as transaction:
            await transaction.execute(insert(passkey_challenges).values(**values))

    async def take_challenge(self, challenge_id: UUID, user_id: UserId | None, now: datetime) -> bytes | None:
        statement = delete(passkey_challenges).where(
            passkey_challenges.c.id == challenge_id,
            passkey_challenges.c.user_id.is_not_distinct_from(user_id),
            passkey_challenges.c.expires_at > now,
        )
        async with self._database.gate() as transaction:
            row = (await transaction.execute(statement.returning(passkey_challenges.c.challenge))).first()
        return bytes(row.challenge) if row else None

    async def passkey(self, credential_id: bytes) -> KnownPasskey | None:
        whose = and_(
            users.c.organization_id == passkeys.c.organization_id,
            users.c.id == passkeys.c.user_id,
            users.c.state == UserState.ACTIVE.value,
        )
        columns = (passkeys.c.organization_id, passkeys.c.user_id, passkeys.c.public_key, passkeys.c.sign_count)
        query = select(*columns).join_from(passkeys, users, whose).where(passkeys.c.credential_id == credential_id)
        async with self._database.gate() as transaction:
            row = (await transaction.execute(query)).first()
        if row is None:
            return None
        return KnownPasskey(
            OrganizationId(row.organization_id), UserId(row.user_id), bytes(row.public_key), row.sign_count
        )


def _passkey(row: Row[tuple[object, ...]]) -> Passkey:
    return Passkey(
        id=PasskeyId(row.id),
        user_id=UserId(row.user_id),
        name=row.name,
        credential_id=bytes(row.credential_id),
        public_key=bytes(row.public_key),
        sign_count=row.sign_count,
        transports=tuple(row.transports),
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )
