"""The columns that the program knows are those of the migrated database."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy.dialects import postgresql

from adapters.postgres.tables import metadata

pytestmark = pytest.mark.anyio


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(owner_url.replace("+asyncpg", ""))
    yield connection
    await connection.close()


async def test_the_columns_of_the_program_are_those_of_the_database(owner: Any) -> None:
    rows = await owner.fetch(
        "select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) as kind from pg_class c "
        "join pg_attribute a on a.attrelid = c.oid where c.relnamespace = 'public'::regnamespace "
        "and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped "
        "and c.relname <> 'alembic_version'"
    )
    migrated = {(row["relname"], row["attname"], row["kind"]) for row in rows}
    known = {
        (table.name, column.name, column.type.compile(postgresql.dialect()).lower())
        for table in metadata.tables.values()
        for column in table.columns
    }
    assert known == migrated
