"""The unit of work: one transaction, with every feature's store inside. Implements domain.shared.units."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

from adapters.postgres.connection import Transaction
from adapters.postgres.database import Database
from adapters.postgres.idempotency import Claim, take_key
from adapters.postgres.outbox import OutboxJobs
from domain.shared.clock import Clock
from domain.shared.ids import Ids, OrganizationId


class PostgresUnit:
    """What services get: stores made when first asked for."""

    def __init__(
        self, transaction: Transaction, organization_id: OrganizationId | None, ids: Ids, clock: Clock
    ) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._ids = ids
        self._clock = clock

    @cached_property
    def jobs(self) -> OutboxJobs:
        return OutboxJobs(self._transaction, self._ids, self._clock)


class PostgresUnits:
    """Opens units for one organization, and for sweepers across all."""

    def __init__(self, database: Database, ids: Ids, clock: Clock) -> None:
        self._database = database
        self._ids = ids
        self._clock = clock

    @asynccontextmanager
    async def of(self, organization_id: OrganizationId) -> AsyncIterator[PostgresUnit]:
        claim: Claim | None = None
        async with self._database.application(organization_id) as transaction:
            claim = await take_key(transaction, self._clock)
            yield PostgresUnit(transaction, organization_id, self._ids, self._clock)
        if claim:
            claim.committed = True

    @asynccontextmanager
    async def system(self) -> AsyncIterator[PostgresUnit]:
        async with self._database.system() as transaction:
            yield PostgresUnit(transaction, None, self._ids, self._clock)
