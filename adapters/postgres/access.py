"""What users sign in with: passwords and access tokens of one organization, as hashes alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from adapters.postgres.connection import Transaction
from adapters.postgres.tables import access_tokens, credentials
from domain.accounts.model import AccessToken, User
from domain.shared.clock import Clock
from domain.shared.errors import AlreadyExists, NotFound
from domain.shared.ids import OrganizationId, TokenId, UserId


class PostgresAccess:
    """Implements domain.accounts.ports.Access."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None, clock: Clock) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._clock = clock

    async def set_password(self, user: User, password_hash: str, now: datetime) -> None:
        values = {"email_key": user.email_key, "password_hash": password_hash, "changed_at": now}
        statement = (
            upsert(credentials)
            .values(organization_id=self._organization_id, user_id=user.id, **values)
            .on_conflict_do_update(index_elements=["organization_id", "user_id"], set_=values)
        )
        try:
            await self._transaction.execute(statement)
        except IntegrityError as error:
            raise AlreadyExists("Somebody signs in with this address already.", "user_email") from error

    async def add_token(self, token: AccessToken) -> None:
        await self._transaction.execute(
            insert(access_tokens).values(
                organization_id=self._organization_id,
                id=token.id,
                user_id=token.user_id,
                name=token.name,
                token_hash=token.token_hash,
                scopes=list(token.scopes),
                created_at=token.created_at,
                expires_at=token.expires_at,
                last_used_at=token.last_used_at,
            )
        )

    async def tokens(self, user_id: UserId) -> Sequence[AccessToken]:
        query = (
            select(access_tokens)
            .where(access_tokens.c.user_id == user_id, access_tokens.c.expires_at > self._clock.system())
            .order_by(access_tokens.c.id.desc())
        )
        return [_token(row) for row in (await self._transaction.execute(query)).all()]

    async def remove_token(self, user_id: UserId, token_id: TokenId) -> AccessToken:
        statement = (
            delete(access_tokens)
            .where(access_tokens.c.user_id == user_id, access_tokens.c.id == token_id)
            .returning(access_tokens)
        )
        row = (await self._transaction.execute(statement)).first()
        if row is None:
            raise NotFound("token")
        return _token(row)


def _token(row: Row[tuple[object, ...]]) -> AccessToken:
    return AccessToken(
        id=TokenId(row.id),
        user_id=UserId(row.user_id),
        name=row.name,
        token_hash=row.token_hash,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )
