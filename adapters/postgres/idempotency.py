"""Requests that are done once: the key is written in the very transaction of the effect, the answer right after.

So a crash leaves either neither (a repetition does it) or the key without an answer (a repetition is refused, and the
asker looks what became of it); never the effect without the key. What only read takes no key.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.connection import Transaction
from adapters.postgres.database import Database
from adapters.postgres.tables import idempotency_keys as keys
from domain.shared.clock import Clock
from domain.shared.errors import IdempotencyKeyReused
from domain.shared.principal import Principal

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What the first request was answered."""

    status: int
    body: bytes


@dataclass(slots=True)
class Claim:
    """A request under way. The first unit of work that changed something takes the key with it."""

    organization_id: UUID
    user_id: UUID
    key: str
    request_hash: bytes
    committed: bool = False


current: ContextVar[Claim | None] = ContextVar("idempotency_claim", default=None)


@contextmanager
def claiming(claim: Claim) -> Iterator[None]:
    """Units of work inside take the claim with their effect."""
    token = current.set(claim)
    try:
        yield
    finally:
        current.reset(token)


async def take_key(transaction: Transaction, clock: Clock) -> Claim | None:
    """Writes the key of the request under way, if it has one and the transaction changed something.

    Waits for a concurrent request with the same key to end, as the unique key makes it. Raises IdempotencyKeyReused
    when that one was first, so that this one's changes are rolled back.
    """
    claim = current.get()
    if claim is None or claim.committed:
        return None
    if (await transaction.execute(select(func.pg_current_xact_id_if_assigned()))).scalar() is None:
        return None
    statement = (
        insert(keys)
        .values(
            organization_id=claim.organization_id,
            user_id=claim.user_id,
            key=claim.key,
            request_hash=claim.request_hash,
            created_at=clock.system(),
        )
        .on_conflict_do_nothing()
        .returning(keys.c.key)
    )
    if (await transaction.execute(statement)).first() is None:
        raise IdempotencyKeyReused
    return claim


class Answered(Protocol):
    """An HTTP answer, as far as it is remembered."""

    status_code: int
    body: bytes | memoryview


A = TypeVar("A", bound=Answered)


class IdempotencyKeys:
    """Answers of requests that carried a key."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def once(
        self, principal: Principal, key: str, request_hash: bytes, act: Callable[[], Awaitable[A]]
    ) -> A | StoredAnswer:
        """Acts, or gives the answer to the same request before. Raises IdempotencyKeyReused."""
        claim = Claim(principal.organization_id, principal.user_id, key, request_hash)
        stored = await self._answer_of(claim)
        if stored is not None:
            return stored
        with claiming(claim):
            answer = await act()
        if claim.committed:
            await self._keep(claim, StoredAnswer(answer.status_code, bytes(answer.body)))
        return answer

    async def _answer_of(self, claim: Claim) -> StoredAnswer | None:
        async with self._database.application(claim.organization_id) as transaction:
            row = (await transaction.execute(select(keys).where(_is(claim)))).first()
            if row is None:
                return None
            if self._clock.system() - row.created_at > KEPT_FOR:
                await transaction.execute(delete(keys).where(_is(claim)))
                return None
        if row.request_hash != claim.request_hash or row.status is None:
            raise IdempotencyKeyReused
        return StoredAnswer(row.status, row.body)

    async def _keep(self, claim: Claim, answer: StoredAnswer) -> None:
        async with self._database.application(claim.organization_id) as transaction:
            values = {"status": answer.status, "body": answer.body}
            await transaction.execute(update(keys).where(_is(claim)).values(values))


def _is(claim: Claim) -> ColumnElement[bool]:
    return and_(keys.c.user_id == claim.user_id, keys.c.key == claim.key)
