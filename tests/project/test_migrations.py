"""The database as the migrations make it, and what the code believes of it."""

import ast
import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic.script import ScriptDirectory

from adapters.postgres import account_tables
from adapters.postgres.tables import metadata
from api.commands import CommandFailed
from api.commands.upkeep import ahead, migrate
from migrations.run import configuration, newest_revision, upgrade

VERSIONS = Path(__file__).resolve().parent.parent.parent / "migrations" / "versions"

COLUMNS = """
select table_name, column_name, data_type from information_schema.columns
where table_schema = 'public' order by table_name, ordinal_position
"""
SQL_NAMES = {
    "UUID": "uuid", "TEXT": "text", "TIMESTAMP WITH TIME ZONE": "timestamp with time zone", "INTEGER": "integer",
    "BIGINT": "bigint", "SMALLINT": "smallint", "BOOLEAN": "boolean", "BYTEA": "bytea", "JSONB": "jsonb",
    "TEXT[]": "ARRAY", "DATE": "date", "DOUBLE PRECISION": "double precision", "UUID[]": "ARRAY",
}  # fmt: skip


async def rows(url: str, sql: str) -> list[Any]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return list(await connection.fetch(sql))
    finally:
        await connection.close()


def test_there_is_one_newest_revision() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [newest_revision()]


def test_the_columns_of_the_code_are_the_columns_of_the_database(owner_url: str) -> None:
    from sqlalchemy.dialects import postgresql

    made = {(row[0], row[1]): row[2] for row in asyncio.run(rows(owner_url, COLUMNS))}
    believed = {
        (table.name, column.name): SQL_NAMES[column.type.compile(dialect=postgresql.dialect()).upper()]
        for table in metadata.tables.values()
        for column in table.columns
    }
    tables = {table.name for table in metadata.tables.values()}
    assert account_tables.audit_entries.name in tables

    assert believed == {key: kind for key, kind in made.items() if key[0] in tables}


def test_migrating_twice_changes_nothing(owner_url: str) -> None:
    before = asyncio.run(rows(owner_url, COLUMNS))

    asyncio.run(upgrade(owner_url))

    assert asyncio.run(rows(owner_url, COLUMNS)) == before


def test_whoever_waits_is_told_what_a_database_in_use_is_brought_to(servers: Any) -> None:
    old = servers.new_database("behind", migrated=False)
    assert ahead(old.owner_url) is None

    asyncio.run(upgrade(old.owner_url))
    assert ahead(old.owner_url) is None

    asyncio.run(rows(old.owner_url, "update alembic_version set version_num = '0012'"))
    assert f"from revision 0012 to {newest_revision()}" in str(ahead(old.owner_url))


def test_a_database_of_a_newer_engage_is_left_as_it_is(
    servers: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = servers.new_database("ahead")
    asyncio.run(rows(newer.owner_url, "update alembic_version set version_num = '9999'"))
    monkeypatch.setenv("ENGAGE_DATABASE_URL", newer.url)
    monkeypatch.setenv("ENGAGE_DATABASE_OWNER_URL", newer.owner_url)

    for command in (lambda: ahead(newer.owner_url), lambda: migrate(tmp_path)):
        with pytest.raises(CommandFailed, match=r"at revision 9999, .* a newer Engage has used it"):
            command()


def test_two_machines_may_migrate_at_once(servers: Any) -> None:
    empty = servers.new_database("migrated_twice", migrated=False)

    async def both() -> None:
        await asyncio.gather(upgrade(empty.owner_url), upgrade(empty.owner_url))

    asyncio.run(both())

    assert [row[0] for row in asyncio.run(rows(empty.owner_url, "select version_num from alembic_version"))] == [
        newest_revision()
    ]


def test_a_migration_imports_none_of_our_code() -> None:
    """What it says must stay true when the code has moved on."""
    imported = {
        (path.name, name.split(".")[0])
        for path in VERSIONS.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
        + ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
    }

    assert [(file, room) for file, room in imported if room in ("api", "domain", "adapters", "workers")] == []


def test_every_table_with_an_organization_forces_row_level_security(owner_url: str) -> None:
    open_tables = asyncio.run(
        rows(
            owner_url,
            """
            select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
            where a.attname = 'organization_id' and c.relkind in ('r', 'p') and not c.relispartition
              and c.relnamespace = 'public'::regnamespace and not (c.relrowsecurity and c.relforcerowsecurity)
            """,
        )
    )

    assert [row[0] for row in open_tables] == []
