"""A step is executed once, whoever dispatches and whatever dies; and the tests would notice if it were not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from adapters.ids import RandomIds
from adapters.postgres.database import Database
from adapters.postgres.dispatch import CLAIM
from adapters.postgres.suppressions import SuppressionHashes
from domain.salesflows.dispatch import decided
from domain.salesflows.due import opening
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import Office, a_rested_office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(transactions: Database) -> Office:
    return await a_rested_office(transactions, SuppressionHashes(KEYS.keyed_hash))


async def test_two_dispatchers_take_different_batches(office: Office) -> None:
    flow = await office.flow()
    await office.enroll(flow, *await office.people(40))
    async with office.units.system() as one, office.units.system() as other:
        first = await one.dispatch.claim(office.clock.now())
        second = await other.dispatch.claim(office.clock.now())
    assert (len(first), len(second)) == (40, 0)


async def test_without_the_lock_of_the_claim_the_test_above_would_notice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlocked = CLAIM.sql.replace("for no key update skip locked", "")
    monkeypatch.setattr(CLAIM, "sql", unlocked)
    flow = await office.flow()
    await office.enroll(flow, *await office.people(40))
    async with office.units.system() as one, office.units.system() as other:
        first = await one.dispatch.claim(office.clock.now())
        second = await other.dispatch.claim(office.clock.now())
    assert (len(first), len(second)) == (40, 40)


async def test_many_dispatchers_at_once_execute_each_step_once(office: Office) -> None:
    flow = await office.flow()
    await office.enroll(flow, *await office.people(200))
    await asyncio.gather(*(office.dispatched() for _ in range(4)))
    keys = [email.send_key for email in await office.emails()]
    assert (len(keys), len(set(keys))) == (200, 200)


async def test_a_dispatcher_that_writes_again_what_another_wrote_changes_nothing(office: Office) -> None:
    await office.started()
    await written_twice(office)
    assert (len(await office.runs()), len(await office.emails())) == (1, 1)


async def test_without_the_unique_step_run_the_test_above_would_notice(office: Office, without_guard: None) -> None:
    await office.started()
    await written_twice(office)
    assert len(await office.runs()) == 2


@pytest.fixture
async def without_guard(servers: Any, database: Any, office: Office) -> AsyncIterator[None]:
    """The database as it would be without what makes a step unique."""
    constraints = [
        ("step_runs", ("organization_id", "enrollment_id", "position")),
        ("emails", ("organization_id", "send_key")),
    ]
    for table, columns in constraints:
        servers.sql(f"alter table {table} drop constraint {'_'.join((table, *columns, 'key'))}", database.name)
    yield
    servers.sql("truncate step_runs, emails cascade", database.name)
    for table, columns in constraints:
        servers.sql(f"alter table {table} add unique ({', '.join(columns)})", database.name)


async def written_twice(office: Office) -> None:
    """As by a dispatcher that was believed dead and goes on with what it had claimed."""
    now = office.clock.now()
    async with office.units.system() as unit:
        due = await unit.dispatch.claim(now)
        senders = await unit.dispatch.senders({row.sender_key for row in due})
        steps = await unit.dispatch.steps({row.step_key for row in due})
    may_leave = {key: opening(sender, now) for key, sender in senders.items()}
    for _ in range(2):
        async with office.units.system() as unit:
            await unit.dispatch.record(decided(due, may_leave, steps, set(), RandomIds(), now), now)


async def test_a_batch_that_dies_leaves_everything_due(office: Office) -> None:
    _, contact_id, _ = await office.started()
    before = await office.enrollment(contact_id)
    with suppress(RuntimeError):
        async with office.units.system() as unit:
            assert await unit.dispatch.claim(office.clock.now())
            raise RuntimeError("the worker dies")
    assert await office.enrollment(contact_id) == before
    assert await office.dispatched() == 1
