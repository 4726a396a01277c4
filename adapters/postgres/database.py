"""Opens transactions as the application, the sweepers or the gate."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.postgres.connection import APPLICATION, GATE, SYSTEM, Transaction, opening
from adapters.postgres.failures import translated


class Database:
    """The three ways into PostgreSQL, each with the rights of its role."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def application(self, organization_id: UUID) -> AsyncIterator[Transaction]:
        """Sees and changes one organization's rows."""
        if not isinstance(organization_id, UUID):
            raise TypeError("A unit of work needs an organization.")
        async with self._transaction(APPLICATION, organization_id) as transaction:
            yield transaction

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Transaction]:
        """Sees all organizations: for the relay and the sweepers."""
        async with self._transaction(SYSTEM, None) as transaction:
            yield transaction

    @asynccontextmanager
    async def gate(self) -> AsyncIterator[Transaction]:
        """Sees hashes and ids, for what comes before an organization is known."""
        async with self._transaction(GATE, None) as transaction:
            yield transaction

    @asynccontextmanager
    async def _transaction(self, role: str, organization_id: UUID | None) -> AsyncIterator[Transaction]:
        async with self._connection() as connection:
            raw = await connection.get_raw_connection()
            driver = raw.driver_connection
            assert driver is not None
            try:
                with translated():
                    await driver.execute(opening(role, organization_id))
                yield Transaction(connection, driver)
                with translated():
                    await driver.execute("COMMIT")
            except BaseException:
                await _roll_back(connection, driver)
                raise

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        with translated():
            connection = await self._engine.connect()
        try:
            yield connection
        finally:
            await connection.close()

    async def close(self) -> None:
        await self._engine.dispose()


async def _roll_back(connection: object, driver: object) -> None:
    """Rolls back; a connection that cannot even do that is thrown away, and PostgreSQL rolls back by itself."""
    try:
        await driver.execute("ROLLBACK")  # type: ignore[attr-defined]
    except Exception:
        await connection.invalidate()  # type: ignore[attr-defined]
