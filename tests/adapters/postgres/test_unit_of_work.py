"""Transactions: what is left cleanly stays, what fails leaves nothing, and the outbox goes with it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, text

from adapters.clock import SystemClock
from adapters.crypto import KeyRing
from adapters.ids import RandomIds
from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import organizations
from adapters.postgres.unit_of_work import PostgresUnits
from domain.shared.errors import NotFound, Unavailable
from domain.shared.ids import OrganizationId
from domain.shared.jobs import Job

pytestmark = pytest.mark.anyio

KEYS = KeyRing([("test", bytes(32))])
LOCK = 20_261_125
WAITING = f"select true from pg_locks where locktype = 'advisory' and objid = {LOCK} and not granted"


@pytest.fixture
async def transactions(postgres_url: str) -> AsyncIterator[Database]:
    database = Database(open_engine(postgres_url, pool_size=3))
    yield database
    await database.close()


@pytest.fixture
def units(transactions: Database) -> PostgresUnits:
    return PostgresUnits(transactions, RandomIds(), SystemClock(), SuppressionHashes(KEYS.keyed_hash))


@pytest.fixture
async def organization(transactions: Database) -> OrganizationId:
    key = OrganizationId(uuid4())
    async with transactions.application(key) as transaction:
        await transaction.execute(insert(organizations).values(_organization(key)))
    return key


def _organization(key: OrganizationId) -> dict[str, Any]:
    return {
        "id": key,
        "name": "Northwind",
        "postal_address": "",
        "dispatch_paused": False,
        "version": 1,
        "created_at": SystemClock().now(),
    }


async def _exists(transactions: Database, key: OrganizationId) -> bool:
    async with transactions.application(key) as transaction:
        return (await transaction.execute(select(organizations.c.id))).first() is not None


async def test_a_unit_that_is_left_cleanly_stays(transactions: Database, organization: OrganizationId) -> None:
    assert await _exists(transactions, organization)


async def test_a_unit_that_fails_leaves_nothing(transactions: Database) -> None:
    key = OrganizationId(uuid4())
    with pytest.raises(RuntimeError):
        async with transactions.application(key) as transaction:
            await transaction.execute(insert(organizations).values(_organization(key)))
            raise RuntimeError
    assert not await _exists(transactions, key)


async def test_a_cancelled_unit_leaves_nothing_and_gives_its_connection_back(transactions: Database) -> None:
    key = OrganizationId(uuid4())
    inside = asyncio.Event()

    async def hang() -> None:
        async with transactions.application(key) as transaction:
            await transaction.execute(insert(organizations).values(_organization(key)))
            inside.set()
            await asyncio.Event().wait()

    tasks = [asyncio.create_task(hang())]
    await inside.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert not await _exists(transactions, key)


@pytest.mark.parametrize("core", [True, False])
async def test_a_statement_that_is_cut_off_costs_a_connection_and_nothing_else(
    transactions: Database, organization: OrganizationId, core: bool
) -> None:
    async def wait() -> None:
        async with transactions.application(organization) as transaction:
            if core:
                await transaction.execute(text(f"select pg_advisory_xact_lock({LOCK})"))
            else:
                await transaction.driver.execute(f"select pg_advisory_xact_lock({LOCK})")

    async with transactions.system() as holder:
        await holder.driver.execute(f"select pg_advisory_xact_lock({LOCK})")
        for _ in range(6):
            task = asyncio.create_task(wait())
            async with asyncio.timeout(10):
                while not await holder.driver.fetchval(WAITING):
                    continue
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    assert await _exists(transactions, organization)


async def test_the_organization_ends_with_its_transaction(transactions: Database, organization: OrganizationId) -> None:
    async with transactions.system() as transaction:
        found = await transaction.driver.fetchval("select current_setting('app.organization_id', true)")
    assert not found


async def test_a_unit_without_an_organization_is_an_error(transactions: Database) -> None:
    with pytest.raises(TypeError):
        async with transactions.application(None):  # type: ignore[arg-type]
            pass


async def test_what_is_written_while_reading_is_not_kept(
    units: PostgresUnits, transactions: Database, organization: OrganizationId
) -> None:
    async with units.reading(organization) as unit:
        await unit.jobs.put(Job("ring", organization))
    async with units.system() as unit:
        assert not [job for _, job in await unit.jobs.take(1000) if job.organization_id == organization]


async def test_connections_come_back_from_reading(units: PostgresUnits, organization: OrganizationId) -> None:
    for _ in range(10):
        async with units.reading(organization) as unit:
            assert (await unit.organizations.get()).id == organization
    for _ in range(10):
        with pytest.raises(RuntimeError):
            async with units.reading(organization):
                raise RuntimeError


async def test_whoever_waits_for_a_connection_gets_one(units: PostgresUnits, organization: OrganizationId) -> None:
    async def work(number: int) -> None:
        opened = units.reading if number % 2 else units.of
        async with opened(organization) as unit:
            assert (await unit.organizations.get()).id == organization

    for _ in range(3):
        async with asyncio.timeout(10):
            await asyncio.gather(*(work(number) for number in range(40)))


@pytest.mark.parametrize("soft", [False, True], ids=["at once", "when it is wanted next"])
async def test_a_connection_that_was_thrown_away_is_opened_anew(postgres_url: str, soft: bool) -> None:
    database = Database(open_engine(postgres_url, pool_size=1))
    servers = set()
    for _ in range(3):
        pooled, driver = await database.taken()
        servers.add(await driver.fetchval("select pg_backend_pid()"))
        pooled.invalidate(soft=soft)
        if soft:
            pooled.close()
    assert len(servers) == 3
    await database.close()


async def test_what_is_left_before_it_was_read_from_gives_its_connection_back(
    units: PostgresUnits, transactions: Database, organization: OrganizationId
) -> None:
    async def turn_away() -> None:
        async with units.reading(organization):
            await asyncio.Event().wait()

    for steps in range(24):
        async with units.reading(organization):
            pass
        task = asyncio.create_task(turn_away())
        # Some are called off once more while they give it back.
        for pause in (steps // 2, steps % 2):
            for _ in range(pause):
                await asyncio.sleep(0)
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await _exists(transactions, organization)


async def test_nothing_is_read_where_the_transaction_could_not_be_opened(
    transactions: Database, organization: OrganizationId
) -> None:
    for _ in range(4):
        async with transactions.reading(organization) as transaction:
            transaction.driver.terminate()
            for _ in range(2):
                with pytest.raises(Unavailable):
                    await transaction.execute(select(organizations.c.id))
    assert await _exists(transactions, organization)


async def test_a_server_that_takes_no_more_connections_is_away(servers: Any, organization: OrganizationId) -> None:
    """As one that has been started a moment ago."""
    refusing = servers.new_database("refusing")
    servers.sql(f"alter database {refusing.name} connection limit 0", "postgres")
    database = Database(open_engine(refusing.url, pool_size=1))
    for opened in (database.reading, database.application):
        with pytest.raises(Unavailable):
            async with opened(organization):
                pass
    await database.close()


async def test_reading_sees_one_organization_as_well(units: PostgresUnits, organization: OrganizationId) -> None:
    with pytest.raises(TypeError):
        async with units.reading(None):  # type: ignore[arg-type]
            pass
    async with units.reading(OrganizationId(uuid4())) as unit:
        with pytest.raises(NotFound):
            await unit.organizations.get()


async def test_jobs_come_with_the_commit(units: PostgresUnits, organization: OrganizationId) -> None:
    async with units.of(organization) as unit:
        await unit.jobs.put(Job("ring", organization, {"n": "1"}))
    async with units.system() as unit:
        taken = [job for _, job in await unit.jobs.take(1000) if job.organization_id == organization]
    assert taken == [Job("ring", organization, {"n": "1"})]


async def test_jobs_do_not_come_without_it(units: PostgresUnits, organization: OrganizationId) -> None:
    with pytest.raises(RuntimeError):
        async with units.of(organization) as unit:
            await unit.jobs.put(Job("ring", organization))
            raise RuntimeError
    async with units.system() as unit:
        assert not [job for _, job in await unit.jobs.take(1000) if job.organization_id == organization]


async def test_jobs_come_back_when_handing_them_on_fails(units: PostgresUnits, organization: OrganizationId) -> None:
    async with units.of(organization) as unit:
        await unit.jobs.put(Job("ring", organization))
    with pytest.raises(ConnectionError):
        async with units.system() as unit:
            await unit.jobs.take(1000)
            raise ConnectionError  # Redis is away


async def test_two_relays_never_take_the_same_job(units: PostgresUnits, organization: OrganizationId) -> None:
    async with units.of(organization) as unit:
        await unit.jobs.put(*(Job("ring", organization, {"n": str(n)}) for n in range(50)))

    async def take() -> list[str]:
        async with units.system() as unit:
            return [key for key, job in await unit.jobs.take(30) if job.organization_id == organization]

    first, second = await asyncio.gather(take(), take())
    assert not set(first) & set(second)


async def test_a_database_that_is_away_is_named_so() -> None:
    away = Database(open_engine("postgresql+asyncpg://nobody@127.0.0.1:9/none", pool_size=1))
    with pytest.raises(Unavailable):
        async with away.system():
            pass
