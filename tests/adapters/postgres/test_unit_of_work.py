"""Transactions: what is left cleanly stays, what fails leaves nothing, and the outbox goes with it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import AsyncAdaptedQueuePool

from adapters.clock import SystemClock
from adapters.crypto import KeyRing
from adapters.ids import RandomIds
from adapters.postgres.connection import CompiledStatement
from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.readings import STAYS_SECONDS
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import organizations
from adapters.postgres.unit_of_work import PostgresUnits
from domain.shared.errors import NotFound, Unavailable
from domain.shared.ids import OrganizationId
from domain.shared.jobs import Job
from tests.mailing import eventually

pytestmark = pytest.mark.anyio

KEYS = KeyRing([("test", bytes(32))])
LOCK = 20_261_125
BEGUN = [func.now().label("since")]
WHERE = CompiledStatement(select(func.current_setting("app.organization_id").label("organization"), *BEGUN))
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


async def test_nothing_is_written_while_reading(units: PostgresUnits, organization: OrganizationId) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        async with units.reading(organization) as unit:
            await unit.jobs.put(Job("ring", organization))


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


async def _where(transactions: Database, organization: OrganizationId) -> tuple[UUID, datetime]:
    """As whom somebody reads, and since when the transaction is open."""
    async with transactions.reading(organization) as transaction:
        [row] = await transaction.fetch(WHERE)
    return UUID(row["organization"]), row["since"]


async def test_who_reads_next_goes_on_in_the_same_transaction_and_sees_what_was_written_meanwhile(
    transactions: Database, organization: OrganizationId
) -> None:
    first = await _where(transactions, organization)
    async with transactions.application(organization) as transaction:
        await transaction.execute(update(organizations).values(name="Southwind"))
    async with transactions.reading(organization) as transaction:
        [row] = await transaction.fetch(CompiledStatement(select(organizations.c.name, *BEGUN)))
    assert (row["name"], row["since"]) == ("Southwind", first[1])


async def test_nobody_reads_in_the_transaction_of_another_organization(transactions: Database) -> None:
    mine, yours = OrganizationId(uuid4()), OrganizationId(uuid4())
    seen = [await _where(transactions, one) for one in (mine, yours, mine, yours, yours, mine)]
    assert [one for one, _ in seen] == [mine, yours, mine, yours, yours, mine]
    at_once = await asyncio.gather(*(_where(transactions, one) for one in (mine, yours) * 20))
    assert [one for one, _ in at_once] == [mine, yours] * 20


async def test_two_who_read_at_once_do_so_apart(transactions: Database, organization: OrganizationId) -> None:
    for _ in range(2):
        async with transactions.reading(organization) as one, transactions.reading(organization) as other:
            assert one.driver is not other.driver


async def test_a_transaction_that_readers_left_ends_soon(transactions: Database, organization: OrganizationId) -> None:
    first, pool = await _where(transactions, organization), transactions.engine.pool
    assert isinstance(pool, AsyncAdaptedQueuePool)

    async def is_back() -> bool:
        return not pool.checkedout()

    await eventually("the connection comes back", is_back)
    assert (await _where(transactions, organization))[1] > first[1]


async def test_no_transaction_is_read_in_for_ever(transactions: Database, organization: OrganizationId) -> None:
    first = await _where(transactions, organization)
    async with asyncio.timeout(10):
        while await _where(transactions, organization) == first:
            continue


async def test_no_transaction_ends_while_somebody_reads_in_it(
    transactions: Database, organization: OrganizationId
) -> None:
    faults: list[Any] = []
    loop, later = asyncio.get_running_loop(), asyncio.Event()
    loop.set_exception_handler(lambda _, fault: faults.append(fault))
    await _where(transactions, organization)
    async with transactions.reading(organization) as transaction:
        loop.call_later(2 * STAYS_SECONDS, later.set)
        await later.wait()
        assert await transaction.fetch(WHERE)
    assert not faults


async def test_nobody_reads_on_after_a_statement_that_failed(
    transactions: Database, organization: OrganizationId
) -> None:
    first = await _where(transactions, organization)
    async with transactions.reading(organization) as transaction:
        with pytest.raises(asyncpg.DivisionByZeroError):
            await transaction.fetch(CompiledStatement(text("select 1 / 0")))
    assert (await _where(transactions, organization))[1] > first[1]


async def test_a_connection_that_broke_off_after_reading_is_opened_anew(
    transactions: Database, organization: OrganizationId
) -> None:
    async with transactions.reading(organization) as transaction:
        await transaction.fetch(WHERE)
        lost = transaction.driver
    lost.terminate()
    assert (await _where(transactions, organization))[0] == organization


async def test_who_waits_for_a_connection_gets_the_one_that_was_read_on(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.postgres.readings.STAYS_SECONDS", 60.0)
    database = Database(open_engine(postgres_url, pool_size=1))
    mine, yours = OrganizationId(uuid4()), OrganizationId(uuid4())
    async with asyncio.timeout(20):
        await _where(database, mine)
        async with database.application(mine) as transaction:
            assert await transaction.driver.fetchval("select current_setting('transaction_read_only')") == "off"
        await _where(database, mine)
        assert (await _where(database, yours))[0] == yours
        async with database.reading(yours) as transaction:
            await transaction.fetch(WHERE)
            waiting = asyncio.create_task(_where(database, mine))
            await asyncio.sleep(0)
        assert (await waiting)[0] == mine
        await database.close()


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
