"""Workers are killed and frozen at random while a Salesflow runs. The judge is what reached the prospects."""

import asyncio
import random
import time

from adapters.settings import Settings
from domain.salesflows.model import Thread
from tests.faults.workers_of_a_test import Nemesis, Nursery
from tests.mailing import Firm, Prospects, email_step

USERS, CONTACTS = 12, 25
WORKERS, KILLS = 3, 64
FINISHED_WITHIN = 120.0


async def test_600_emails_leave_once_each_while_workers_die(
    settings: Settings, firm: Firm, prospects: Prospects
) -> None:
    seed = random.randrange(2**32)
    flow = await firm.salesflow(email_step(), email_step("", "<p>Any thoughts?</p>", thread=Thread.REPLY))
    contacts = []
    for _ in range(USERS):
        rep = await firm.hire()
        await rep.connected()
        theirs = await firm.contacts(CONTACTS)
        await firm.enroll(rep, flow, theirs)
        contacts += theirs
    wanted = 2 * USERS * CONTACTS

    with Nursery(settings) as nursery:
        nemesis = Nemesis(nursery, WORKERS, KILLS, settings.lease_seconds, seed)
        nemesis.start()
        await asyncio.to_thread(nemesis.join)
        began = time.monotonic()
        while time.monotonic() - began < FINISHED_WITHIN and (await firm.states()) != {"sent": wanted}:
            await asyncio.to_thread(nemesis.join, 0.2)
            await asyncio.sleep(0.2)

    told = f"seed {seed}, {nemesis.kills} kills, {nemesis.stops} stops, {time.monotonic() - began:.0f} s after the last"
    assert nemesis.kills + nemesis.stops >= 60, told
    received = {contact.email: len(prospects.inbox(contact.email or "")) for contact in contacts}
    assert {address: count for address, count in received.items() if count != 2} == {}, told
    assert await firm.states() == {"sent": wanted}, told
