"""Opens transactions as the application, the sweepers or the gate."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any, cast
from uuid import UUID

from sqlalchemy.exc import MissingGreenlet
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool, PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

from adapters.postgres.connection import APPLICATION, GATE, SYSTEM, Driver, Transaction, opening, roll_back
from adapters.postgres.failures import translated
from adapters.postgres.readings import Reading, Readings


class Database:
    """The three ways into PostgreSQL, each with the rights of its role."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._ending: set[asyncio.Task[None]] = set()
        self._readings = Readings(self)
        self._waiting = 0

    def application(self, organization_id: UUID) -> AbstractAsyncContextManager[Transaction]:
        """Sees and changes one organization's rows."""
        return self._transaction(APPLICATION, _named(organization_id))

    def reading(self, organization_id: UUID) -> Reading:
        """As `application`, to read alone."""
        return Reading(self._readings, _named(organization_id))

    def system(self) -> AbstractAsyncContextManager[Transaction]:
        """Sees all organizations: for the relay and the sweepers."""
        return self._transaction(SYSTEM, None)

    def gate(self) -> AbstractAsyncContextManager[Transaction]:
        """Sees hashes and ids, for what comes before an organization is known."""
        return self._transaction(GATE, None)

    @asynccontextmanager
    async def _transaction(self, role: str, organization_id: UUID | None) -> AsyncIterator[Transaction]:
        pooled, driver = await self.taken()
        try:
            with translated():
                await driver.execute(opening(role, organization_id))
            yield Transaction(self.engine, pooled, driver)
            with translated():
                await driver.execute("COMMIT")
        except BaseException:
            await roll_back(pooled, driver)
            raise
        finally:
            pooled.close()

    async def taken(self) -> tuple[PoolProxiedConnection, Driver]:
        """A connection of the pool that is not known to be lost: after a restart of the server all of them are."""
        while True:
            with translated():
                pooled = await self._pooled()
            driver: Driver = pooled.driver_connection  # type: ignore[assignment]
            if not driver.is_closed():
                return pooled, driver
            pooled.invalidate()

    async def _pooled(self) -> PoolProxiedConnection:
        connect = self.engine.sync_engine.raw_connection
        pool = cast(AsyncAdaptedQueuePool, self.engine.pool)
        if pool.checkedin():
            # Nothing is waited for, unless it has to be opened anew: a greenlet would cost more than all the rest.
            with suppress(MissingGreenlet):
                return connect()
        if pool.checkedout() < pool.size():
            return await greenlet_spawn(connect)
        self._waiting += 1
        try:
            await self._readings.make_room()
            return await greenlet_spawn(connect)
        finally:
            self._waiting -= 1

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody waits for a connection."""
        return self._waiting > 0

    def end_later(self, end: Coroutine[Any, Any, None]) -> None:
        """Does it while others go on; `close` waits for it."""
        ending = asyncio.create_task(end)
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        await self._readings.close()
        await asyncio.gather(*self._ending)
        await self.engine.dispose()


def _named(organization_id: UUID) -> UUID:
    if not isinstance(organization_id, UUID):
        raise TypeError("A unit of work needs an organization.")
    return organization_id
