"""Workers are killed and frozen at random while a Salesflow runs. The judge is what reached the prospects."""

import random
import time
from dataclasses import dataclass

import pytest

from adapters.settings import Settings
from domain.contacts.model import Contact
from domain.salesflows.model import Thread
from tests.faults.workers_of_a_test import Nemesis, Nursery
from tests.mailing import Firm, Prospects, email_step, eventually

WORKERS = 3
LEASE_SECONDS = 1.0
FINISHED_WITHIN = 120.0


@dataclass(frozen=True)
class Size:
    """Of each contact two emails are owed."""

    users: int
    contacts: int
    strikes: int
    per_minute: int

    @property
    def emails(self) -> int:
        return 2 * self.users * self.contacts


SHORT = Size(users=12, contacts=25, strikes=64, per_minute=3_000)
LONG = Size(users=50, contacts=100, strikes=320, per_minute=600)


async def enrolled(firm: Firm, size: Size) -> list[Contact]:
    """Contacts of many users, on their way through a flow of two emails."""
    flow = await firm.salesflow(email_step(), email_step("", "<p>Any thoughts?</p>", thread=Thread.REPLY))
    contacts = []
    for _ in range(size.users):
        rep = await firm.hire()
        await rep.connected()
        theirs = await firm.contacts(size.contacts)
        await firm.enroll(rep, flow, theirs)
        contacts += theirs
    await firm.sql("update mailboxes set per_minute = $1", size.per_minute)
    return contacts


@pytest.mark.soak
async def test_every_email_leaves_once_while_workers_die(
    settings: Settings, firm: Firm, prospects: Prospects, soak: bool
) -> None:
    size, seed = LONG if soak else SHORT, random.randrange(2**32)
    contacts = await enrolled(firm, size)

    async def sent() -> int:
        return (await firm.states()).get("sent", 0)

    with Nursery(settings.model_copy(update={"lease_seconds": LEASE_SECONDS})) as nursery:
        nemesis = Nemesis(nursery, WORKERS, LEASE_SECONDS, seed)
        await nemesis.rage(size.strikes, sent)
        under_fire = await sent()

        async def all_sent() -> bool:
            return await sent() == size.emails or time.monotonic() - nemesis.last_at > FINISHED_WITHIN

        await eventually("the rest is sent", all_sent, 2 * FINISHED_WITHIN)

    after = f"{under_fire} sent under fire, {time.monotonic() - nemesis.last_at:.0f} s after the last strike"
    told = f"seed {seed}, {nemesis.kills} kills, {nemesis.stops} freezes, {after}"
    print(told)
    left = await firm.sql("select state, error, checks, due_at, draft_id from emails where state <> 'sent'")
    told += "".join(f"\n{dict(row)}" for row in left)
    received = {contact.email: len(prospects.inbox(contact.email or "")) for contact in contacts}
    assert {address: count for address, count in received.items() if count != 2} == {}, told
    assert await firm.states() == {"sent": size.emails}, told
