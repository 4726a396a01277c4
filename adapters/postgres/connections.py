"""Connections, the ways to the consent page, and access to be given back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.postgres.connection import Transaction
from adapters.postgres.tables import connection_attempts, connections, revocations
from domain.connections.model import Attempt, Connection, ConnectionState, Provider, Revocation, SealedTokens
from domain.shared.ids import ConnectionId, Ids, OrganizationId, UserId

Found = Row[tuple[object, ...]]


class PostgresConnections:
    """Implements domain.connections.ports.ConnectionStore."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None, ids: Ids) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._ids = ids

    async def of_user(self, user_id: UserId) -> Sequence[Connection]:
        query = select(connections).where(connections.c.user_id == user_id).order_by(connections.c.provider)
        return [_connection(row) for row in (await self._transaction.execute(query)).all()]

    async def find(self, user_id: UserId, provider: Provider) -> Connection | None:
        query = select(connections).where(connections.c.user_id == user_id, connections.c.provider == provider.value)
        row = (await self._transaction.execute(query.with_for_update())).one_or_none()
        return _connection(row) if row else None

    async def is_connected(self, provider: Provider, subject: str) -> bool:
        query = select(connections.c.id).where(
            connections.c.provider == provider.value, connections.c.subject == subject
        )
        return (await self._transaction.execute(query.limit(1))).first() is not None

    async def save(self, connection: Connection, tokens: SealedTokens) -> None:
        columns = {
            "user_id": connection.user_id,
            "provider": connection.provider.value,
            "account": connection.account,
            "subject": connection.subject,
            "state": connection.state.value,
            "scopes": list(connection.scopes),
            "connected_at": connection.connected_at,
            "lost_at": connection.lost_at,
            "lost_reason": connection.lost_reason,
            "refreshing_until": None,
            **_tokens(tokens),
        }
        statement = upsert(connections).values(organization_id=self._organization_id, id=connection.id, **columns)
        statement = statement.on_conflict_do_update(
            index_elements=["organization_id", "id"], set_={**columns, "version": connections.c.version + 1}
        )
        await self._transaction.execute(statement)

    async def tokens(self, connection_id: ConnectionId) -> tuple[Connection, SealedTokens] | None:
        query = select(connections).where(connections.c.id == connection_id)
        row = (await self._transaction.execute(query)).one_or_none()
        if row is None:
            return None
        return _connection(row), SealedTokens(row.access_token, row.refresh_token, row.expires_at)

    async def claim_refresh(self, connection_id: ConnectionId, version: int, seconds: float) -> bool:
        free = text("(refreshing_until is null or refreshing_until < clock_timestamp())")
        until = func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
        return await self._changed(connection_id, version, {"refreshing_until": until}, free)

    async def renew(self, connection_id: ConnectionId, version: int, tokens: SealedTokens) -> None:
        values = {**_tokens(tokens), "refreshing_until": None, "version": version + 1}
        await self._changed(connection_id, version, values)

    async def give_up_refresh(self, connection_id: ConnectionId, version: int) -> None:
        await self._changed(connection_id, version, {"refreshing_until": None})

    async def lose(self, connection_id: ConnectionId, version: int, reason: str, at: datetime) -> bool:
        values = {
            "state": ConnectionState.NEEDS_RECONNECT.value,
            "lost_at": at,
            "lost_reason": reason,
            "refreshing_until": None,
            "version": version + 1,
        }
        return await self._changed(
            connection_id, version, values, connections.c.state == ConnectionState.CONNECTED.value
        )

    async def remove(self, connection_id: ConnectionId) -> None:
        await self._transaction.execute(delete(connections).where(connections.c.id == connection_id))

    async def add_attempt(self, attempt: Attempt) -> None:
        outdated = delete(connection_attempts).where(
            connection_attempts.c.user_id == attempt.user_id, connection_attempts.c.expires_at < func.clock_timestamp()
        )
        await self._transaction.execute(outdated)
        await self._transaction.execute(
            insert(connection_attempts).values(
                organization_id=self._organization_id,
                id=self._ids.new(),
                user_id=attempt.user_id,
                provider=attempt.provider.value,
                state_hash=attempt.state_hash,
                verifier=attempt.verifier,
                expires_at=attempt.expires_at,
            )
        )

    async def take_attempt(self, state_hash: bytes) -> Attempt | None:
        taken = (
            delete(connection_attempts)
            .where(connection_attempts.c.state_hash == state_hash)
            .returning(connection_attempts)
        )
        row = (await self._transaction.execute(taken)).one_or_none()
        if row is None:
            return None
        return Attempt(UserId(row.user_id), Provider(row.provider), row.state_hash, row.verifier, row.expires_at)

    async def _changed(
        self, connection_id: ConnectionId, version: int, values: dict[str, object], *conditions: object
    ) -> bool:
        statement = (
            update(connections)
            .where(connections.c.id == connection_id, connections.c.version == version, *conditions)  # type: ignore[arg-type]
            .values(values)
        )
        return (await self._transaction.execute(statement)).rowcount == 1


class PostgresRevocations:
    """Implements domain.connections.ports.RevocationStore; `waiting` is for units across organizations."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, revocation: Revocation, at: datetime) -> None:
        await self._transaction.execute(
            insert(revocations).values(
                organization_id=revocation.organization_id,
                id=revocation.id,
                provider=revocation.provider.value,
                token=revocation.token,
                subject=revocation.subject,
                next_try_at=at,
                created_at=at,
            )
        )

    async def waiting(self, now: datetime, limit: int) -> Sequence[Revocation]:
        query = (
            select(revocations).where(revocations.c.next_try_at <= now).order_by(revocations.c.next_try_at).limit(limit)
        )
        return [_revocation(row) for row in (await self._transaction.execute(query)).all()]

    async def get(self, revocation_id: ConnectionId) -> Revocation | None:
        query = select(revocations).where(revocations.c.id == revocation_id).with_for_update()
        row = (await self._transaction.execute(query)).one_or_none()
        return _revocation(row) if row else None

    async def done(self, revocation_id: ConnectionId) -> None:
        await self._transaction.execute(delete(revocations).where(revocations.c.id == revocation_id))

    async def put_off(self, revocation_id: ConnectionId, until: datetime) -> None:
        statement = (
            update(revocations)
            .where(revocations.c.id == revocation_id)
            .values(next_try_at=until, attempts=revocations.c.attempts + 1)
        )
        await self._transaction.execute(statement)


def _tokens(tokens: SealedTokens) -> dict[str, object]:
    return {"access_token": tokens.access, "refresh_token": tokens.refresh, "expires_at": tokens.expires_at}


def _connection(row: Found) -> Connection:
    return Connection(
        id=ConnectionId(row.id),
        user_id=UserId(row.user_id),
        provider=Provider(row.provider),
        account=row.account,
        subject=row.subject,
        state=ConnectionState(row.state),
        scopes=tuple(row.scopes),
        connected_at=row.connected_at,
        lost_at=row.lost_at,
        lost_reason=row.lost_reason,
        version=row.version,
    )


def _revocation(row: Found) -> Revocation:
    return Revocation(
        OrganizationId(row.organization_id),
        ConnectionId(row.id),
        Provider(row.provider),
        row.token,
        row.subject,
        row.attempts,
    )
