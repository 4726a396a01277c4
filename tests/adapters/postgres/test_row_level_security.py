"""Nobody sees or changes another organization's rows, whatever SQL is sent: every table, every role."""

import asyncio
import random
import re
from collections.abc import AsyncIterator
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from adapters.postgres.connection import APPLICATION, GATE, SYSTEM, opening

pytestmark = pytest.mark.anyio

# Tables without an organization, and why that is right.
SHARED = {
    "alembic_version": "the schema's revision",
    "worker_heartbeats": "processes, which serve all organizations",
    "password_reset_asks": "addresses of people who forgot a password, before anybody knows whether there are such",
    "passkey_challenges": "what browsers are asked to sign before anybody knows for whom",
}


def driver_url(url: str) -> str:
    return url.replace("+asyncpg", "")


# In their order: where two of a row have to differ, the second is the greater one.
IDS = count(uuid4().int >> 8)


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(driver_url(owner_url))
    yield connection
    await connection.close()


@pytest.fixture
async def login(postgres_url: str) -> AsyncIterator[Any]:
    """A connection as the program opens it, before it takes a role."""
    connection = await asyncpg.connect(driver_url(postgres_url))
    yield connection
    await connection.close()


class As:
    """Inside is a transaction of a role and an organization, which is rolled back."""

    def __init__(self, connection: Any, role: str, organization_id: UUID | None = None) -> None:
        self._connection = connection
        self._opening = opening(role, organization_id)

    async def __aenter__(self) -> Any:
        await self._connection.execute(self._opening)
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        await self._connection.execute("ROLLBACK")


async def tenant_tables(connection: Any) -> dict[str, str]:
    """Tables of tenants by name, with the column that holds the organization. Partitions are part of theirs."""
    rows = await connection.fetch(
        "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid "
        "where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition "
        "and (a.attname = 'organization_id' or (c.relname = 'organizations' and a.attname = 'id'))"
    )
    return {row["relname"]: row["attname"] for row in rows}


async def unprotected(connection: Any) -> dict[str, str]:
    """Tables of tenants whose protection has a hole, and which."""
    rows = await connection.fetch(
        "select c.relname, c.relrowsecurity, c.relforcerowsecurity, "
        "  coalesce(array_agg(concat(p.polname, ' to ', coalesce(r.rolname, 'public'), ' ', p.polcmd, ': ', "
        "    pg_get_expr(p.polqual, p.polrelid), ' / ', pg_get_expr(p.polwithcheck, p.polrelid))) "
        "    filter (where p.oid is not null), '{}') as policies "
        "from pg_class c left join pg_policy p on p.polrelid = c.oid left join pg_roles r on r.oid = any(p.polroles) "
        "where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition "
        "group by 1, 2, 3"
    )
    keys = await tenant_tables(connection)
    return {
        row["relname"]: fault
        for row in rows
        if row["relname"] in keys and (fault := hole(row, keys[row["relname"]])) is not None
    }


def hole(row: Any, key: str) -> str | None:
    """What is wrong with the protection of one table."""
    if not row["relrowsecurity"] or not row["relforcerowsecurity"]:
        return "row-level security is not forced"
    setting = "(NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid"
    own, asked_once = f"({key} = {setting})", f'({key} = ( SELECT {setting} AS "nullif"))'
    allowed = {
        f"tenant to {APPLICATION} *: {own} / {own}",
        f"system to {SYSTEM} *: true / true",
    }
    policies = {policy.replace(f"{own} / {asked_once}", f"{own} / {own}") for policy in row["policies"]}
    if allowed - policies:
        return f"policy missing: {sorted(allowed - policies)}"
    # The owner's function that erases sees no more than who calls it.
    strange = [
        policy
        for policy in policies - allowed - {f"erasing to engage_owner *: {own} / {own}"}
        if f" to {GATE} " not in policy
    ]
    return f"policy unexpected: {strange}" if strange else None


async def insert_anything(connection: Any, table: str, key: str, organization_id: UUID) -> None:
    """A row of `table` for the organization, with values that fit the columns; what it points to is not checked."""
    columns = await connection.fetch(
        "select a.attname, format_type(a.atttypid, a.atttypmod) as kind, "
        "  (select pg_get_constraintdef(o.oid) from pg_constraint o "
        "   where o.conrelid = a.attrelid and o.contype = 'c' and o.conkey = array[a.attnum] limit 1) as rule "
        "from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped",
        table,
    )
    names, values = [], []
    for column in columns:
        names.append(f'"{column["attname"]}"')
        values.append(f"'{organization_id}'" if column["attname"] == key else a_value(column["kind"], column["rule"]))
    await connection.execute(f"insert into {table} ({', '.join(names)}) values ({', '.join(values)})")


def a_value(kind: str, rule: str | None) -> str:
    """An SQL literal of the type that satisfies the column's check."""
    if rule and (listed := re.search(r"'([^']*)'::text", rule)):
        return f"'{listed.group(1)}'"
    if kind == "uuid":
        return f"'{UUID(int=next(IDS))}'"
    if kind == "bytea":
        return f"'\\x{uuid4().hex}'"
    if kind == "text":
        return f"'{uuid4().hex}'"
    if kind.endswith("[]"):
        return "'{}'"
    fixed = {"timestamp with time zone": "now()", "boolean": "false", "jsonb": "'{}'"}
    return fixed.get(kind, "1")


@pytest.fixture
async def two(servers: Any, database: Any, owner: Any) -> tuple[UUID, UUID]:
    """Two organizations with a row in every table."""
    first, second = uuid4(), uuid4()
    statements = ["set session_replication_role = replica;"]

    class Script:
        """Collects what the superuser runs, since nobody else can write past the policies."""

        async def fetch(self, *question: Any) -> Any:
            return await owner.fetch(*question)

        async def execute(self, statement: str) -> None:
            statements.append(statement + ";")

    for organization_id in (first, second):
        for table, key in (await tenant_tables(owner)).items():
            await insert_anything(Script(), table, key, organization_id)
    servers.sql("\n".join(statements), database.name)
    return first, second


async def test_every_table_belongs_to_organizations_or_is_named_as_shared(owner: Any) -> None:
    rows = await owner.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace "
        "and relkind in ('r', 'p', 'v', 'm', 'f') and not relispartition"
    )
    assert {row["relname"] for row in rows} == (await tenant_tables(owner)).keys() | SHARED.keys()


async def test_every_table_of_tenants_forces_its_policies(owner: Any) -> None:
    assert await unprotected(owner) == {}


@pytest.mark.parametrize(
    ("removal", "fault"),
    [
        ("alter table contacts disable row level security", "not forced"),
        ("alter table contacts no force row level security", "not forced"),
        ("drop policy tenant on contacts", "missing"),
        (
            "alter policy tenant on contacts using (organization_id = current_setting('app.organization_id')::uuid)",
            "missing",
        ),
        ("alter policy tenant on contacts with check (true)", "missing"),
        ("create policy more on contacts to engage_app using (true)", "unexpected"),
        ("create policy more on contacts to public using (true)", "unexpected"),
    ],
)
async def test_a_hole_is_noticed(owner: Any, removal: str, fault: str) -> None:
    transaction = owner.transaction()
    await transaction.start()
    await owner.execute(removal)
    found = await unprotected(owner)
    await transaction.rollback()
    assert fault in found["contacts"]


async def test_no_role_of_the_program_passes_the_policies(owner: Any) -> None:
    rows = await owner.fetch(
        "select r.rolname, r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb as mighty, "
        "  exists (select from pg_class c where c.relowner = r.oid) as owns, "
        "  pg_has_role(r.oid, (select relowner from pg_class where relname = 'contacts'), 'member') as as_owner "
        "from pg_roles r where r.rolname = any($1)",
        [APPLICATION, SYSTEM, GATE],
    )
    assert {tuple(row) for row in rows} == {(role, False, False, False) for role in (APPLICATION, SYSTEM, GATE)}


async def test_the_login_itself_sees_nothing(login: Any) -> None:
    for table in await tenant_tables(login):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await login.fetch(f"select 1 from {table}")


async def test_an_organization_sees_its_own_row_of_every_table(login: Any, owner: Any, two: tuple[UUID, UUID]) -> None:
    async with As(login, APPLICATION, two[0]) as connection:
        for table, key in (await tenant_tables(owner)).items():
            found = {row[0] for row in await connection.fetch(f"select {key} from {table}")}
            assert found == {two[0]}, table


async def test_without_an_organization_there_are_no_rows(login: Any, owner: Any, two: tuple[UUID, UUID]) -> None:
    tables = await tenant_tables(owner)
    async with As(login, APPLICATION, two[0]) as connection:
        pass  # leaves the setting behind as an empty string, as a pooled connection has it
    async with As(connection, APPLICATION) as connection:
        for table in tables:
            assert await connection.fetch(f"select 1 from {table}") == [], table


async def test_another_organizations_rows_can_neither_be_changed_nor_deleted(
    login: Any, owner: Any, two: tuple[UUID, UUID]
) -> None:
    first, second = two
    for table, key in (await tenant_tables(owner)).items():
        for statement in (f"update {table} set {key} = {key}", f"delete from {table}"):
            async with As(login, APPLICATION, first) as connection:
                try:
                    status = await connection.execute(f"{statement} where {key} = '{second}'")
                except asyncpg.InsufficientPrivilegeError:
                    continue  # appended to alone, or not deleted by anybody
                assert status.endswith(" 0"), f"{statement}: {status}"


async def test_no_row_can_be_written_into_another_organization(login: Any, owner: Any, two: tuple[UUID, UUID]) -> None:
    first, second = two
    for table, key in (await tenant_tables(owner)).items():
        async with As(login, APPLICATION, first) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                await insert_anything(connection, table, key, second)


async def test_no_row_can_be_moved_into_another_organization(login: Any, owner: Any, two: tuple[UUID, UUID]) -> None:
    first, second = two
    for table, key in (await tenant_tables(owner)).items():
        async with As(login, APPLICATION, first) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"update {table} set {key} = '{second}'")


async def test_no_row_can_point_into_another_organization(owner: Any) -> None:
    """Foreign keys are checked past the policies, so each one between tenants has to carry the organization."""
    rows = await owner.fetch(
        "select conrelid::regclass::text as child, confrelid::regclass::text as parent, "
        "  (select array_agg(a.attname::text) from pg_attribute a where a.attrelid = o.conrelid "
        "   and a.attnum = any(o.conkey)) as columns "
        "from pg_constraint o where contype = 'f' and conparentid = 0 and connamespace = 'public'::regnamespace"
    )
    assert rows
    assert [row for row in rows if "organization_id" not in row["columns"]] == []


async def test_uniqueness_tells_nothing_of_other_organizations(owner: Any) -> None:
    """A unique key over all organizations would say who exists; those that are meant to are named here."""
    global_keys = {
        "organizations": [["id"]],
        "credentials": [["email_key"]],
        "sessions": [["token_hash"]],
        "access_tokens": [["token_hash"]],
        "passkeys": [["credential_id"]],
    }
    rows = await owner.fetch(
        "select i.indrelid::regclass::text as name, (select array_agg(a.attname::text) from pg_attribute a "
        "  where a.attrelid = i.indrelid and a.attnum = any(i.indkey)) as columns "
        "from pg_index i join pg_class c on c.oid = i.indrelid "
        "where i.indisunique and c.relnamespace = 'public'::regnamespace and not c.relispartition"
    )
    found: dict[str, list[list[str]]] = {}
    for row in rows:
        if row["name"] not in SHARED and "organization_id" not in row["columns"]:
            found.setdefault(row["name"], []).append(sorted(row["columns"]))
    assert found == global_keys


async def test_partitions_cannot_be_reached_past_their_table(login: Any, owner: Any) -> None:
    rows = await owner.fetch(
        "select relname from pg_class where relispartition and relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    assert rows
    for row in rows:
        for role in (APPLICATION, SYSTEM, GATE):
            async with As(login, role, uuid4()) as connection:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.fetch(f"select 1 from {row['relname']}")


async def test_nothing_is_open_to_everybody(owner: Any) -> None:
    functions = await owner.fetch(
        "select proname from pg_proc where pronamespace = 'public'::regnamespace "
        "and prosecdef and has_function_privilege('public', oid, 'execute')"
    )
    grants = await owner.fetch(
        "select table_name from information_schema.table_privileges "
        "where grantee = 'PUBLIC' and table_schema = 'public'"
    )
    assert (functions, grants) == ([], [])


async def test_the_log_of_activities_is_appended_to_alone(login: Any, two: tuple[UUID, UUID]) -> None:
    for role in (APPLICATION, SYSTEM):
        for statement in ("update activities set type = 'x'", "delete from activities", "truncate activities"):
            async with As(login, role, two[0]) as connection:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)


async def test_pooled_connections_that_alternate_between_organizations_leak_nothing(
    postgres_url: str, two: tuple[UUID, UUID]
) -> None:
    """Ten thousand transactions on a few connections, some rolled back, some broken, some without an organization."""
    seen: set[tuple[UUID | None, UUID]] = set()
    choices = [*two, None]

    async def ask(pool: Any, seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(1250):
            organization_id = chance.choice(choices)
            async with pool.acquire() as connection:
                await connection.execute(opening(APPLICATION, organization_id))
                seen.update((organization_id, row[0]) for row in await connection.fetch("select id from organizations"))
                end = chance.random()
                if end < 0.1:
                    with pytest.raises(asyncpg.PostgresError):
                        await connection.execute("select 1 / 0")
                await connection.execute("COMMIT" if end > 0.3 else "ROLLBACK")

    url = driver_url(postgres_url)
    async with asyncpg.create_pool(url, min_size=4, max_size=4, reset=_nothing) as pool:
        await asyncio.gather(*(ask(pool, seed) for seed in range(8)))
    assert seen == {(two[0], two[0]), (two[1], two[1])}


async def _nothing(_: Any) -> None:
    """What PgBouncer does to a connection between transactions."""
