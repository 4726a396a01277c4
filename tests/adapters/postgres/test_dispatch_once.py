"""A step is executed once, whoever dispatches and whatever dies."""

import asyncio
from contextlib import suppress

import pytest

from adapters.postgres.database import Database
from adapters.postgres.suppressions import SuppressionHashes
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import Office, a_rested_office, claimed

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


async def written_twice(office: Office) -> None:
    """As by a dispatcher that was believed dead and goes on with what it had claimed."""
    now = office.clock.now()
    async with office.units.system() as unit:
        batch = await claimed(unit, now)
    for _ in range(2):
        async with office.units.system() as unit:
            await unit.dispatch.record(batch(), now)


async def test_a_batch_that_dies_leaves_everything_due(office: Office) -> None:
    _, contact_id, _ = await office.started()
    before = await office.enrollment(contact_id)
    with suppress(RuntimeError):
        async with office.units.system() as unit:
            assert await unit.dispatch.claim(office.clock.now())
            raise RuntimeError("the worker dies")
    assert await office.enrollment(contact_id) == before
    assert await office.dispatched() == 1
