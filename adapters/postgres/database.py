"""Opens transactions as the application, the sweepers or the gate."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

from adapters.postgres.connection import APPLICATION, GATE, SYSTEM, Driver, Transaction, opening
from adapters.postgres.failures import translated


class Database:
    """The three ways into PostgreSQL, each with the rights of its role."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._ending: set[asyncio.Task[None]] = set()

    def application(self, organization_id: UUID) -> AbstractAsyncContextManager[Transaction]:
        """Sees and changes one organization's rows."""
        return self._transaction(APPLICATION, _named(organization_id))

    @asynccontextmanager
    async def reading(self, organization_id: UUID) -> AsyncIterator[Transaction]:
        """As `application`, to read alone. Nobody waits for its end: there is nothing that could be lost with it."""
        pooled, driver = await self._taken()
        try:
            with translated():
                await driver.execute(opening(APPLICATION, _named(organization_id), planned_once=True))
            yield Transaction(self._engine, pooled, driver)
        except BaseException:
            await _roll_back(pooled, driver)
            pooled.close()
            raise
        ending = asyncio.create_task(_end(pooled, driver))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    def system(self) -> AbstractAsyncContextManager[Transaction]:
        """Sees all organizations: for the relay and the sweepers."""
        return self._transaction(SYSTEM, None)

    def gate(self) -> AbstractAsyncContextManager[Transaction]:
        """Sees hashes and ids, for what comes before an organization is known."""
        return self._transaction(GATE, None)

    @asynccontextmanager
    async def _transaction(self, role: str, organization_id: UUID | None) -> AsyncIterator[Transaction]:
        pooled, driver = await self._taken()
        try:
            with translated():
                await driver.execute(opening(role, organization_id))
            yield Transaction(self._engine, pooled, driver)
            with translated():
                await driver.execute("COMMIT")
        except BaseException:
            await _roll_back(pooled, driver)
            raise
        finally:
            pooled.close()

    async def _taken(self) -> tuple[PoolProxiedConnection, Driver]:
        """A connection of the pool that is not known to be lost: after a restart of the server all of them are."""
        while True:
            with translated():
                pooled = await greenlet_spawn(self._engine.sync_engine.raw_connection)
            driver: Driver = pooled.driver_connection  # type: ignore[assignment]
            if not driver.is_closed():
                return pooled, driver
            pooled.invalidate()

    async def close(self) -> None:
        await asyncio.gather(*self._ending)
        await self._engine.dispose()


def _named(organization_id: UUID) -> UUID:
    if not isinstance(organization_id, UUID):
        raise TypeError("A unit of work needs an organization.")
    return organization_id


async def _end(pooled: PoolProxiedConnection, driver: Driver) -> None:
    await _roll_back(pooled, driver)
    pooled.close()


async def _roll_back(pooled: PoolProxiedConnection, driver: Driver) -> None:
    """Rolls back; a connection that cannot even do that is thrown away, and PostgreSQL rolls back by itself."""
    try:
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
