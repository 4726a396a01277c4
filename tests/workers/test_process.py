"""A worker as a process: it shows that it lives, and stops without losing anything."""

import asyncio

from adapters.settings import Settings
from tests.mailing import Firm, Prospects, Representative, eventually
from workers import upkeep
from workers.main import run


async def test_a_worker_sends_and_stops_when_told(
    settings: Settings, firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    stopping = asyncio.Event()
    worker = asyncio.create_task(run(settings, stopping))
    contacts = await firm.contacts(3)
    await firm.enroll(rep, await firm.salesflow(), contacts)

    async def arrived() -> bool:
        return all(prospects.inbox(contact.email or "") for contact in contacts)

    async def beating() -> bool:
        async with firm.services.database.system() as transaction:
            return bool(await transaction.driver.fetch("select 1 from worker_heartbeats where id = $1", upkeep.name()))

    await eventually("all have got their email", arrived)
    await eventually("the worker shows that it lives", beating)
    stopping.set()
    await asyncio.wait_for(worker, 30)

    assert not await beating()
    leases = await firm.sql("select lease_until from mailboxes")
    assert [row["lease_until"] for row in leases] == [None]
