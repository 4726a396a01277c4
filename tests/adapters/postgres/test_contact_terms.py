"""What contacts are found by: told by each, kept with each change, and told by those who were there before."""

import importlib
from typing import Any

import asyncpg
import pytest

from adapters.crypto import KeyRing
from adapters.ids import RandomIds
from adapters.postgres.contact_rows import told
from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.unit_of_work import PostgresUnits
from domain.contacts.beginnings import beginnings_of
from domain.contacts.search_terms import terms_of
from tests.adapters.postgres.conftest import SetClock
from tests.adapters.postgres.directory import NOW, Directory, a_directory

pytestmark = pytest.mark.anyio

# All that a contact was found by stood in the table.
AS_IT_WAS = """
create policy looking on contacts to current_user using (true);
create policy putting on contact_terms to current_user using (true);
insert into contact_terms (organization_id, term, contact_id)
  select organization_id, string_to_table(trim(terms), ' '), id from contacts where deleted_at is null
  on conflict do nothing;
drop policy looking on contacts;
drop policy putting on contact_terms
"""
migration = importlib.import_module("migrations.versions.0012_contacts_tell_terms")
telling = importlib.import_module("migrations.versions.0013_orders_that_tell")
ODD = ["", "z", "ann", "abcd", "abcde", "abcdefgh", "12345678", "ßü", "日本語の名前です", ":", "a\U0001f600b"]


async def people_of_old(database: Any) -> tuple[Directory, "asyncpg.Connection[asyncpg.Record]"]:
    """Who is in the database before a migration, and the owner of it."""
    connections = Database(open_engine(database.url, pool_size=2))
    hashes = SuppressionHashes(KeyRing([("test", bytes(32))]).keyed_hash)
    directory = await a_directory(PostgresUnits(connections, RandomIds(), SetClock(NOW), hashes))
    await connections.close()
    return directory, await asyncpg.connect(database.owner_url.replace("+asyncpg", ""))


async def test_those_who_were_there_before_tell_what_they_are_found_by(servers: Any) -> None:
    directory, owner = await people_of_old(servers.new_database("terms"))
    wanted = {person.id: told(terms_of(person)) for person in directory.contacts}
    await owner.execute(AS_IT_WAS)
    await owner.execute("alter table contacts drop column terms cascade")
    for _ in ("interrupted", "again"):
        await owner.execute(migration.COLUMN + migration.ALLOWED)
        await owner.execute("call tell_terms(7)")
    await owner.execute("create policy looking on contacts to current_user using (true)")
    rows = await owner.fetch("select id, terms from contacts where deleted_at is null")
    await owner.execute(migration.AFTERWARDS)
    await owner.close()

    assert {row["id"]: row["terms"] for row in rows} == wanted


async def test_of_those_who_were_there_before_it_is_told_which_beginnings_their_words_have(servers: Any) -> None:
    directory, owner = await people_of_old(servers.new_database("beginnings"))
    wanted = {person.id: beginnings_of(terms_of(person)) for person in directory.contacts}
    await owner.execute("alter table contacts drop column beginnings_low cascade, drop column beginnings_high cascade")
    for _ in ("interrupted", "again"):
        await owner.execute(telling.COLUMNS + telling.ALLOWED)
        await owner.execute("call tell_beginnings(7)")
    rows = await owner.fetch("select id, beginnings_low, beginnings_high from contacts where deleted_at is null")
    told = [
        (
            await owner.fetchval("select beginnings_of($1, 0)", f" {odd}"),
            await owner.fetchval("select beginnings_of($1, 64)", f" {odd}"),
        )
        for odd in ODD
    ]
    # By a process that knows of no beginnings yet.
    changed = await owner.fetchrow(
        "update contacts set terms = ' other' where id = $1 returning beginnings_low, beginnings_high", rows[0]["id"]
    )
    await owner.execute(telling.AFTERWARDS)
    await owner.close()

    assert tuple(changed or ()) == (-1, -1)
    assert {row["id"]: (row["beginnings_low"], row["beginnings_high"]) for row in rows} == wanted
    assert told == [beginnings_of([odd] if odd else []) for odd in ODD]
