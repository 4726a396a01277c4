"""The pool. Transactions are opened by the unit of work itself, so the driver is told to keep out of them."""

from collections.abc import Generator
from typing import Any

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

APPLICATION_NAME = "engage"


class _Connecting:
    """Begins to connect when it is awaited: where the pool finds that it cannot wait, nothing was begun."""

    def __init__(self, **options: Any) -> None:
        self._options = options

    def __await__(self) -> "Generator[Any, None, asyncpg.Connection[asyncpg.Record]]":
        return asyncpg.connect(**self._options).__await__()


def open_engine(url: str, *, pool_size: int, statement_cache: int = 100) -> AsyncEngine:
    """A pool of `pool_size` connections. `statement_cache` 0 suits a PgBouncer older than 1.21."""
    connect_args: dict[str, Any] = {
        "async_creator_fn": _Connecting,
        "prepared_statement_cache_size": statement_cache,
        # A search for three words is long, and takes longest to plan.
        "max_cacheable_statement_size": 0,
        "server_settings": {"application_name": APPLICATION_NAME},
        "timeout": 5,
        "command_timeout": 30,
    }
    return create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        isolation_level="AUTOCOMMIT",
        # Every transaction was ended when its connection comes back.
        pool_reset_on_return=None,
        # The connection that was used last: its server process has everything at hand.
        pool_use_lifo=True,
        connect_args=connect_args,
        # Names and addresses do not belong into logs.
        hide_parameters=True,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
    )
