"""Workers are killed and frozen at random in the middle of bulk jobs. Every contact is changed once, and back once."""

import csv
import io
import random
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.settings import Settings
from domain.background.model import BackgroundJob, JobState
from domain.contacts.bulk import Meant
from domain.contacts.model import ContactFilter
from domain.shared.files import content_between
from tests.faults.workers_of_a_test import Nemesis, Nursery
from tests.mailing import Firm, eventually

WORKERS = 3
LEASE_SECONDS = 3.0
FINISHED_WITHIN = 120.0
EVERYBODY = Meant(matching=ContactFilter())
ADD_PEOPLE = """
insert into contacts (organization_id, id, last_name, name_key, status_id, owner_id, email_state, last_activity_at,
  created_at, updated_at)
select $1, gen_random_uuid(), 'Doe ' || number, 'doe ' || number, status.id, $2, 'none', $3, $3, $3
from generate_series(1, $4) number, contact_statuses status where status.is_default
"""


@dataclass(frozen=True)
class Size:
    contacts: int
    strikes: int


SHORT = Size(contacts=30_000, strikes=5)
LONG = Size(contacts=300_000, strikes=60)


@dataclass
class Struck:
    """A firm whose workers do not live long."""

    firm: Firm
    nemesis: Nemesis
    size: Size

    async def act(self, act: str, **asked: Any) -> BackgroundJob:
        services, who = self.firm.services, self.firm.administrator
        return await self.under_fire(await services.bulk.start(who, EVERYBODY, act, asked), JobState.DONE)

    async def undo(self, job: BackgroundJob) -> BackgroundJob:
        undoing = await self.firm.services.background_work.undo(self.firm.administrator, job.id)
        return await self.under_fire(undoing, JobState.UNDONE)

    async def under_fire(self, job: BackgroundJob, state: JobState) -> BackgroundJob:
        async def now() -> BackgroundJob:
            return await self.firm.services.background_work.get(self.firm.administrator, job.id)

        async def done() -> int:
            return (await now()).done

        async def over() -> bool:
            return (await now()).state is state

        await self.nemesis.rage(self.nemesis.kills + self.nemesis.stops + self.size.strikes, done)
        await eventually(f"{job.kind} is {state}", over, FINISHED_WITHIN)
        return await now()

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.firm.sql(query)]


@pytest.mark.soak
async def test_bulk_jobs_end_complete_and_do_nothing_twice(settings: Settings, firm: Firm, soak: bool) -> None:
    size, seed = LONG if soak else SHORT, random.randrange(2**32)
    who = firm.administrator
    await firm.sql(ADD_PEOPLE, who.organization_id, who.user_id, firm.services.clock.now(), size.contacts)
    with Nursery(settings.model_copy(update={"lease_seconds": LEASE_SECONDS})) as nursery:
        struck = Struck(firm, Nemesis(nursery, WORKERS, LEASE_SECONDS, seed), size)
        told = f"seed {seed}"
        job = await struck.act("set_status", status="Open")
        changed = await struck.rows(
            "select s.label, c.version, count(*) from contacts c join contact_statuses s "
            "on s.organization_id = c.organization_id and s.id = c.status_id group by 1, 2"
        )
        noted = await struck.rows("select count(*), count(distinct contact_id) from activities")
        exported = await struck.act("export", columns=["last_name", "status"])
        undone = await struck.undo(job)
        told += f", {struck.nemesis.kills} kills, {struck.nemesis.stops} freezes"

    assert changed == [("Open", 2, size.contacts)], told
    assert noted == [(size.contacts, size.contacts)], told
    assert (job.done, job.result["changed"], job.result["unchanged"]) == (size.contacts, size.contacts, 0), told
    assert (undone.done, undone.result["restored"], undone.result["kept"]) == (size.contacts, size.contacts, 0), told
    back = await firm.sql("select version, count(*) from contacts group by 1")
    assert [tuple(row) for row in back] == [(3, size.contacts)], told
    assert len(set(await names(firm, exported))) == len(await names(firm, exported)) == size.contacts, told
    print(told)


async def names(firm: Firm, job: BackgroundJob) -> list[str]:
    """Who stands in the file that was exported."""
    services, who = firm.services, firm.administrator
    file = await services.background_work.file(who, job.id)
    pieces = content_between(services.units, who.organization_id, file.id, 0, file.size)
    content = b"".join([piece async for piece in pieces])
    assert len(content) == file.size
    return [row["Last name"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))]
