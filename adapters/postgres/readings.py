"""Transactions to read in. One stays open for a moment behind its reader: who asks next in the same organization goes
on in it, and is spared its beginning and its end."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.pool import PoolProxiedConnection

from adapters.postgres.connection import APPLICATION, Driver, Transaction, opening, roll_back

if TYPE_CHECKING:
    from adapters.postgres.database import Database

STAYS_SECONDS = 0.02
# In all, since nobody can alter a table meanwhile.
LONGEST_SECONDS = 1.0


@dataclass(eq=False, slots=True)
class Begun:
    """A transaction under way."""

    organization_id: UUID
    pooled: PoolProxiedConnection
    driver: Driver
    opened: "asyncio.Task[str]"
    transaction: Transaction
    until: float
    timer: asyncio.TimerHandle | None = None

    async def end(self) -> None:
        try:
            await roll_back(self.pooled, self.driver, self.opened)
        finally:
            self.pooled.close()


class Readings:
    """Opens them, and keeps those that were left a moment ago, of each organization apart."""

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._left: dict[UUID, list[Begun]] = {}

    async def begun(self, organization_id: UUID) -> Begun:
        """One that was left here, else a new one: it is opened while the reader makes ready what it asks, and the first
        statement waits for that."""
        while self._left.get(organization_id):
            begun = self._taken(organization_id, -1)
            if not begun.driver.is_closed():
                return begun
            await begun.end()
        return await self._new(organization_id)

    async def _new(self, organization_id: UUID) -> Begun:
        pooled, driver = await self._database.taken()
        opened = asyncio.create_task(driver.execute(opening(APPLICATION, organization_id, to_read=True)))
        transaction = Transaction(self._database.engine, pooled, driver, opened)
        until = asyncio.get_running_loop().time() + LONGEST_SECONDS
        begun = Begun(organization_id, pooled, driver, opened, transaction, until)
        try:
            # So that it leaves at once.
            await asyncio.sleep(0)
        except BaseException:
            await begun.end()
            raise
        return begun

    def leave(self, begun: Begun) -> None:
        """Keeps it for the next reader, unless others wait for a connection. Nobody waits for its end: there is nothing
        that could be lost with it."""
        loop = asyncio.get_running_loop()
        if not begun.transaction.sound or self._database.is_waited_for or begun.until < loop.time():
            self._database.end_later(begun.end())
            return
        self._left.setdefault(begun.organization_id, []).append(begun)
        begun.timer = loop.call_later(STAYS_SECONDS, self._gone, begun)

    async def make_room(self) -> None:
        """Ends one that was left, of the organization that has had some for the longest."""
        organization_id = next(iter(self._left), None)
        if organization_id:
            await self._taken(organization_id, 0).end()

    async def close(self) -> None:
        while self._left:
            await self.make_room()

    def _gone(self, begun: Begun) -> None:
        left = self._left[begun.organization_id]
        self._database.end_later(self._taken(begun.organization_id, left.index(begun)).end())

    def _taken(self, organization_id: UUID, place: int) -> Begun:
        left = self._left[organization_id]
        begun = left.pop(place)
        if not left:
            del self._left[organization_id]
        if begun.timer:
            begun.timer.cancel()
        return begun


class Reading:
    """A reader's time in a transaction."""

    def __init__(self, readings: Readings, organization_id: UUID) -> None:
        self._readings = readings
        self._organization_id = organization_id

    async def __aenter__(self) -> Transaction:
        self._begun = await self._readings.begun(self._organization_id)
        return self._begun.transaction

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._readings.leave(self._begun)
        else:
            await self._begun.end()
