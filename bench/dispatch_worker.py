"""A dispatcher in a process of its own: says `ready`, waits for a line, dispatches everything, says how many."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.crypto import KeyRing
from adapters.ids import RandomIds
from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.unit_of_work import PostgresUnits
from bench.dispatch_data import NOW
from domain.salesflows.dispatch import Dispatch


class BenchClock:
    """Stands still, in the middle of a working day."""

    def now(self) -> datetime:
        return NOW

    def system(self) -> datetime:
        return NOW


@asynccontextmanager
async def dispatcher(url: str) -> AsyncIterator[Dispatch]:
    """Over one connection, which is open."""
    database = Database(open_engine(url, pool_size=1))
    units = PostgresUnits(
        database, RandomIds(), BenchClock(), SuppressionHashes(KeyRing([("b", bytes(32))]).keyed_hash)
    )
    async with units.system():
        pass
    yield Dispatch(units, RandomIds(), BenchClock())
    await database.close()


async def drain(dispatch: Dispatch) -> tuple[int, float]:
    """Everything that is due: how many, and in how many seconds."""
    began = time.perf_counter()
    total = 0
    while size := await dispatch.dispatch_due():
        total += size
    return total, time.perf_counter() - began


async def main(url: str) -> None:
    async with dispatcher(url) as dispatch:
        print("ready", flush=True)
        sys.stdin.readline()
        total, _ = await drain(dispatch)
        print(total, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
