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

from adapters.postgres.connection import APPLICATION, GATE, SYSTEM, Driver, Transaction, opening
from adapters.postgres.failures import translated


class Database:
    """The three ways into PostgreSQL, each with the rights of its role."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._ending: set[asyncio.Task[None]] = set()

    def application(self, organization_id: UUID) -> AbstractAsyncContextManager[Transaction]:
        """Sees and changes one organization's rows."""
        return self._transaction(APPLICATION, _named(organization_id))

    def reading(self, organization_id: UUID) -> "Reading":
        """As `application`, to read alone. Nobody waits for its end: there is nothing that could be lost with it."""
        return Reading(self, _named(organization_id))

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
            await _roll_back(pooled, driver)
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
        if cast(AsyncAdaptedQueuePool, self.engine.pool).checkedin():
            # Nothing is waited for, unless it has to be opened anew: a greenlet would cost more than all the rest.
            with suppress(MissingGreenlet):
                return connect()
        return await greenlet_spawn(connect)

    def end_later(self, end: Coroutine[Any, Any, None]) -> None:
        """Does it while others go on; `close` waits for it."""
        ending = asyncio.create_task(end)
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        await asyncio.gather(*self._ending)
        await self.engine.dispose()


class Reading:
    """A transaction to read alone in. It is opened while the reader makes ready what it asks: the first statement waits
    for that."""

    def __init__(self, database: Database, organization_id: UUID) -> None:
        self._database = database
        self._opening = opening(APPLICATION, organization_id, planned_once=True)

    async def __aenter__(self) -> Transaction:
        self._pooled, self._driver = await self._database.taken()
        self._opened = asyncio.create_task(self._driver.execute(self._opening))
        try:
            # So that it leaves at once.
            await asyncio.sleep(0)
        except BaseException:
            await self._end()
            raise
        return Transaction(self._database.engine, self._pooled, self._driver, self._opened)

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._database.end_later(self._end())
        else:
            await self._end()

    async def _end(self) -> None:
        try:
            await _roll_back(self._pooled, self._driver, self._opened)
        finally:
            self._pooled.close()


def _named(organization_id: UUID) -> UUID:
    if not isinstance(organization_id, UUID):
        raise TypeError("A unit of work needs an organization.")
    return organization_id


async def _roll_back(pooled: PoolProxiedConnection, driver: Driver, *before: asyncio.Task[str]) -> None:
    """Rolls back, after what is under way; a connection that cannot even do that is thrown away, and PostgreSQL rolls
    back by itself."""
    try:
        await asyncio.gather(*before, return_exceptions=True)
        await driver.execute("ROLLBACK")
    except Exception:
        _throw_away(pooled)
    except BaseException:
        _throw_away(pooled)
        raise


def _throw_away(pooled: PoolProxiedConnection) -> None:
    """SQLAlchemy has done it already where one of its statements was cut off."""
    if pooled.is_valid:
        pooled.invalidate()
