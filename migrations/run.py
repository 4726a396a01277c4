"""Brings a database to the newest revision: `engage migrate`."""

import asyncio
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent
# One migrator at a time; the number is arbitrary, but has to stay the same.
LOCK = 7_216_503
ASK_AGAIN_SECONDS = 0.2
# Who reads or writes meanwhile waits no longer than this for a migration.
LOCK_TIMEOUT = "3s"


def configuration() -> "Config":
    """Alembic's settings, without an ini file."""
    # Alembic is slow to import, and no serving process needs it for more than a revision's name.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    return config


@cache
def newest_revision() -> str:
    """The revision that this program was written for."""
    from alembic.script import ScriptDirectory

    head = ScriptDirectory.from_config(configuration()).get_current_head()
    assert head is not None
    return head


@cache
def known_revisions() -> frozenset[str]:
    """All that this program can bring to the newest one."""
    from alembic.script import ScriptDirectory

    return frozenset(each.revision for each in ScriptDirectory.from_config(configuration()).walk_revisions())


async def kept_revision(owner_url: str) -> str | None:
    """The revision that the database is at; None where there is nothing yet."""
    engine = create_async_engine(driver_url(owner_url), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            if not (await connection.execute(text("select to_regclass('alembic_version')"))).scalar():
                return None
            kept: str | None = (await connection.execute(text("select version_num from alembic_version"))).scalar()
            return kept
    finally:
        await engine.dispose()


async def upgrade(owner_url: str) -> None:
    """Applies what is missing. Safe to call from several machines at once, and again."""
    engine = create_async_engine(driver_url(owner_url), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await _own(connection)
            await connection.execute(text(f"set lock_timeout = '{LOCK_TIMEOUT}'"))
            await connection.commit()
            await connection.run_sync(_upgrade)
            await connection.commit()
    finally:
        await engine.dispose()


async def _own(connection: AsyncConnection) -> None:
    """Asked for again and again: who waits inside of a statement would hold up an index that is made concurrently."""
    while not (await connection.execute(text("select pg_try_advisory_lock(:lock)"), {"lock": LOCK})).scalar():
        await connection.commit()
        await asyncio.sleep(ASK_AGAIN_SECONDS)


def driver_url(url: str) -> str:
    """The same address for SQLAlchemy's asyncpg dialect."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


def _upgrade(connection: Connection) -> None:
    from alembic import command

    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def main(owner_url: str) -> None:
    """For command lines."""
    asyncio.run(upgrade(owner_url))
