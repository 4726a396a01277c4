"""PostgreSQL dies again and again in the middle of an import: what it forgets of it, it forgets as a whole."""

import random
import time

import pytest

from adapters.embedded import EmbeddedServers
from adapters.settings import Settings
from domain.background.model import JobState
from domain.contacts.imports.model import ContactImport
from domain.shared.errors import Unavailable
from tests.faults.harmed_database import fall, rise, servers_to_harm, services, settings
from tests.faults.long_files import COUNTED, Size, a_file, expected, job_of, started
from tests.faults.workers_of_a_test import Nursery
from tests.mailing import Firm, eventually

__all__ = ["servers_to_harm", "services", "settings"]

WORKERS = 2
LEASE_SECONDS = 3.0
GOES_ON_WITHIN, FINISHED_WITHIN = 60.0, 300.0
SHORT = Size(rows=100_000, strikes=3)
LONG = Size(rows=990_000, strikes=20)
# How far the job says that it is, and how far it is.
KEPT = """
select (select done from background_jobs where id = $1) as said,
  (select count(*) from contacts) + (select count(*) from contact_import_faults) as kept
"""


async def goes_on(firm: Firm, import_: ContactImport, from_: int) -> int:
    """How far it is, once it is further than that."""

    async def further() -> int:
        try:
            job = await job_of(firm, import_)
        except Unavailable:
            return 0
        return job.done if job.done > from_ or not job.is_open else 0

    return int(await eventually("the import goes on", further, GOES_ON_WITHIN))


async def a_good_moment(firm: Firm, import_: ContactImport, chance: random.Random) -> int:
    """Any moment of a piece, or just after it, when it is not on the disk yet. How far it is then."""
    job = await job_of(firm, import_)
    done, right_after = job.done, chance.random() < 0.6
    until = time.monotonic() + (GOES_ON_WITHIN if right_after else chance.uniform(0, 1))
    while time.monotonic() < until and not (right_after and done > job.done):
        [[done]] = await firm.sql("select done from background_jobs where id = $1", job.id)
    return int(done)


@pytest.mark.soak
async def test_what_it_forgets_is_taken_in_again(
    settings: Settings, firm: Firm, servers_to_harm: EmbeddedServers, soak: bool
) -> None:
    size, seed = LONG if soak else SHORT, random.randrange(2**32)
    postgres, chance = servers_to_harm.postgres, random.Random(seed)
    told, done, forgotten = f"seed {seed}", 0, 0
    with Nursery(settings.model_copy(update={"lease_seconds": LEASE_SECONDS})) as nursery:
        for _ in range(WORKERS):
            nursery.start()
        import_ = await started(firm, a_file(size.rows))
        for _ in range(size.strikes):
            await goes_on(firm, import_, done)
            seen = await a_good_moment(firm, import_, chance)
            fall(postgres)
            await rise(postgres, firm)
            [at] = await firm.sql(KEPT, (await job_of(firm, import_)).id)
            assert at["said"] == at["kept"], told
            done, forgotten = at["said"], forgotten + (at["said"] < seen)

        async def over() -> bool:
            return (await job_of(firm, import_)).state is JobState.DONE

        await eventually("the import is over", over, FINISHED_WITHIN)
        job = await job_of(firm, import_)

    wanted = expected(size.rows)
    assert (dict(job.result), job.done) == (wanted, size.rows), told
    [counted] = await firm.sql(COUNTED)
    created = wanted["created"]
    left_out = wanted["skipped"] + wanted["failed"]
    assert dict(counted) == {"contacts": created, "found": created, "told": created, "left_out": left_out}, told
    print(f"{told}, {forgotten} times it had forgotten something")
