"""One database transaction: SQLAlchemy Core for most statements, the bare driver for the hot ones, both inside it."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection

from adapters.postgres.failures import translated

APPLICATION = "engage_app"
SYSTEM = "engage_system"
GATE = "engage_gate"
Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
DIALECT = asyncpg_dialect()  # type: ignore[no-untyped-call]


class CompiledStatement:
    """A Core statement compiled once for the bare driver. Parameters are given by name; no types are converted."""

    def __init__(self, statement: Executable) -> None:
        compiled = statement.compile(  # type: ignore[attr-defined]
            dialect=DIALECT, compile_kwargs={"render_postcompile": True}
        )
        self.sql: str = str(compiled)
        self._names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._defaults: Mapping[str, Any] = compiled.params

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the placeholders; what the statement itself fixed need not be given."""
        return [values[name] if name in values else self._defaults[name] for name in self._names]


class Transaction:
    """A transaction as one role. Made by `Database`; ends with it."""

    def __init__(
        self,
        engine: AsyncEngine,
        pooled: PoolProxiedConnection,
        driver: Driver,
        opened: "asyncio.Task[str] | None" = None,
    ) -> None:
        """`opened` is what has to be over before the first statement; without it the transaction is open."""
        self._engine = engine
        self._pooled = pooled
        self._opened = opened
        self.driver = driver
        # Whether the last hot statement succeeded: others can follow it.
        self.sound = False

    @cached_property
    def _connection(self) -> AsyncConnection:
        """Core's view of the same connection; what only has hot statements to run needs none."""
        return AsyncConnection(self._engine, Connection(self._engine.sync_engine, self._pooled))

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        """Runs a Core statement."""
        self.sound = False
        with translated():
            if self._opened:
                await self._opened
            return await self._connection.execute(statement, parameters)

    async def run(self, sql: str) -> Sequence[asyncpg.Record]:
        """Runs a statement without parameters on the bare driver."""
        self.sound = False
        with translated():
            if self._opened:
                await self._opened
            return await self.driver.fetch(sql)

    async def fetch(self, statement: CompiledStatement, **values: Any) -> Sequence[asyncpg.Record]:
        """Runs a hot statement on the bare driver."""
        self.sound = False
        with translated():
            if self._opened:
                await self._opened
            found = await self.driver.fetch(statement.sql, *statement.arguments(values))
        self.sound = True
        return found


# A process that sleeps inside a transaction must not keep others from stopping what they have to stop. Set with every
# transaction, since behind PgBouncer a connection is somebody else's a moment later.
LIMITS = (
    "SET LOCAL statement_timeout = '10s'; SET LOCAL idle_in_transaction_session_timeout = '30s'; "
    "SET LOCAL timezone = 'UTC'; SET LOCAL jit = off"
)


# To read alone, by statements of which there is one good plan, whatever the values: else each is planned several times
# over. No table is read through, also where a plan was made when there was next to nothing to read yet; a set to look
# into is hashed however large it is believed to be; and no processes are started to help.
TO_READ = (
    "SET LOCAL transaction_read_only = on; SET LOCAL plan_cache_mode = force_generic_plan; "
    "SET LOCAL enable_seqscan = off; SET LOCAL work_mem = '64MB'; "
    "SET LOCAL max_parallel_workers_per_gather = 0"
)


@lru_cache(maxsize=4096)
def opening(role: str, organization_id: UUID | None, *, to_read: bool = False) -> str:
    """BEGIN, limits, the role and the organization in one round trip; all end with the transaction."""
    limits = f"{LIMITS}; {TO_READ}" if to_read else LIMITS
    setting = f"; SET LOCAL app.organization_id = '{organization_id}'" if organization_id else ""
    return f"BEGIN; {limits}; SET LOCAL ROLE {role}{setting}"


async def roll_back(pooled: PoolProxiedConnection, driver: Driver, *before: asyncio.Task[str]) -> None:
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
