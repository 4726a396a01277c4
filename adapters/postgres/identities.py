"""Single sign-on of an organization: its provider, those on their way, who is who there."""

from datetime import datetime

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.postgres.account_tables import identities, identity_providers, sign_in_attempts
from adapters.postgres.connection import Transaction
from adapters.postgres.tables import users
from domain.accounts.identities import Attempt, IdentityProvider
from domain.accounts.model import UserState
from domain.shared.errors import AlreadyExists
from domain.shared.ids import Ids, OrganizationId, UserId

CAN_COME = (UserState.ACTIVE.value, UserState.INVITED.value)


class PostgresIdentities:
    """Implements domain.accounts.identities.Identities."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None, ids: Ids) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._ids = ids

    async def provider(self) -> IdentityProvider | None:
        row = (await self._transaction.execute(select(identity_providers))).first()
        return _provider(row) if row else None

    async def put_provider(self, provider: IdentityProvider) -> None:
        values = {
            "id": provider.id,
            "issuer": provider.issuer,
            "client_id": provider.client_id,
            "client_secret": provider.client_secret,
            "enabled": provider.enabled,
            "trust_email": provider.trust_email,
            "created_at": provider.created_at,
            "updated_at": provider.updated_at,
        }
        statement = upsert(identity_providers).values(organization_id=self._organization_id, **values)
        await self._transaction.execute(
            statement.on_conflict_do_update(index_elements=["organization_id"], set_=values)
        )
        await self._transaction.execute(delete(sign_in_attempts))

    async def remove_provider(self) -> None:
        for table in (sign_in_attempts, identities, identity_providers):
            await self._transaction.execute(delete(table))

    async def add_attempt(self, attempt: Attempt) -> None:
        await self._transaction.execute(
            insert(sign_in_attempts).values(
                organization_id=self._organization_id,
                id=attempt.id,
                state_hash=attempt.state_hash,
                verifier=attempt.verifier,
                nonce=attempt.nonce,
                expires_at=attempt.expires_at,
            )
        )

    async def take_attempt(self, state_hash: bytes, now: datetime) -> Attempt | None:
        statement = delete(sign_in_attempts).where(
            sign_in_attempts.c.state_hash == state_hash, sign_in_attempts.c.expires_at > now
        )
        row = (await self._transaction.execute(statement.returning(sign_in_attempts))).first()
        if row is None:
            return None
        return Attempt(row.id, bytes(row.state_hash), bytes(row.verifier), row.nonce, row.expires_at)

    async def user_of(self, issuer: str, subject: str) -> UserId | None:
        query = select(identities.c.user_id).where(identities.c.issuer == issuer, identities.c.subject == subject)
        row = (await self._transaction.execute(query)).first()
        return UserId(row.user_id) if row else None

    async def is_known(self, user_id: UserId) -> bool:
        query = select(identities.c.id).where(identities.c.user_id == user_id).limit(1)
        return (await self._transaction.execute(query)).first() is not None

    async def user_with(self, email_key: str) -> UserId | None:
        query = select(users.c.id).where(users.c.email_key == email_key, users.c.state.in_(CAN_COME))
        row = (await self._transaction.execute(query)).first()
        return UserId(row.id) if row else None

    async def link(self, user_id: UserId, issuer: str, subject: str, now: datetime) -> None:
        statement = (
            upsert(identities)
            .values(
                organization_id=self._organization_id,
                id=self._ids.new(),
                user_id=user_id,
                issuer=issuer,
                subject=subject,
                created_at=now,
            )
            .on_conflict_do_nothing()
            .returning(identities.c.id)
        )
        if (await self._transaction.execute(statement)).first() is None:
            raise AlreadyExists("Somebody signs in as this person already.", "identity")


def _provider(row: Row[tuple[object, ...]]) -> IdentityProvider:
    return IdentityProvider(
        id=row.id,
        issuer=row.issuer,
        client_id=row.client_id,
        client_secret=bytes(row.client_secret),
        enabled=row.enabled,
        trust_email=row.trust_email,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
