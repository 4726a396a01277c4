"""Workers die in the middle of imports, at every await of a piece and at random: every row is dealt with, once."""

import random
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.directory import LONGEST_LEASE_SECONDS
from adapters.settings import Settings
from domain.background.model import BackgroundJob, JobState
from domain.contacts.imports.model import ContactImport, OnExisting
from domain.shared.paging import PageRequest
from tests.faults.long_files import COUNTED, Size, a_file, expected, job_of, started
from tests.faults.workers_of_a_test import CRASHED, Nemesis, Nursery
from tests.mailing import Firm, eventually

WORKERS = 3
LEASE_SECONDS = 3.0
FINISHED_WITHIN = 300.0
MOST_POINTS = 400
PAGE = PageRequest(10)
SHORT = Size(rows=20_000, strikes=8)
# With the blank ones a million lines, which is as many as a file may have.
LONG = Size(rows=990_000, strikes=12)


async def ended(firm: Firm, import_: ContactImport) -> BackgroundJob:
    """Another worker takes over at once."""
    await firm.sql("update background_jobs set lease_until = clock_timestamp()")
    job = await job_of(firm, import_)
    await firm.services.background_work.run(job.organization_id, job.id)
    return await job_of(firm, import_)


async def test_every_point_of_an_import_and_of_taking_it_back(settings: Settings, firm: Firm) -> None:
    rows, points = 3, 0
    with Nursery(settings, ("--crash",)) as nursery:
        for n in range(1, MOST_POINTS):
            import_ = await started(firm, a_file(rows))
            code = nursery.crash_import(n, await job_of(firm, import_))
            job = await ended(firm, import_)

            assert (job.state, dict(job.result)) == (JobState.DONE, expected(rows)), f"point {n}"
            [counted] = await firm.sql(COUNTED)
            assert (counted["contacts"], counted["found"]) == (3, 3), f"point {n}"
            await firm.services.imports.undo(firm.administrator, import_.id)
            nursery.crash_import(n, await job_of(firm, import_))
            undone = await ended(firm, import_)
            assert undone.state is JobState.UNDONE, f"point {n}"
            assert (undone.result["removed"], undone.result["kept"]) == (3, 0), f"point {n}"
            assert (await firm.sql("select count(*) from contact_terms"))[0][0] == 0, f"point {n}"
            if code != CRASHED:
                break
            points = n

    assert code == 0
    assert points >= 60
    print(f"{points} points")


async def test_who_died_is_not_waited_for_long(settings: Settings, firm: Firm) -> None:
    import_ = await started(firm, a_file(3))
    with Nursery(settings.model_copy(update={"lease_seconds": 60.0}), ("--crash",)) as nursery:
        assert nursery.crash_import(25, await job_of(firm, import_)) == CRASHED

    [held] = await firm.sql(
        "select extract(epoch from lease_until - clock_timestamp()) as seconds from background_jobs where id = $1",
        (await job_of(firm, import_)).id,
    )
    assert 0 < held["seconds"] <= LONGEST_LEASE_SECONDS < 20
    assert (await ended(firm, import_)).state is JobState.DONE


@dataclass
class Struck:
    """A firm whose workers do not live long."""

    firm: Firm
    nemesis: Nemesis
    size: Size

    async def under_fire(self, import_: ContactImport, state: JobState) -> BackgroundJob:
        async def done() -> int:
            return (await job_of(self.firm, import_)).done

        async def over() -> bool:
            return (await job_of(self.firm, import_)).state is state

        await self.nemesis.rage(self.nemesis.kills + self.nemesis.stops + self.size.strikes, done)
        await eventually(f"the import is {state}", over, FINISHED_WITHIN + self.size.rows / 500)
        return await job_of(self.firm, import_)

    async def counted(self) -> dict[str, Any]:
        [row] = await self.firm.sql(COUNTED)
        return dict(row)


@pytest.mark.soak
async def test_imports_end_complete_and_take_nobody_in_twice(settings: Settings, firm: Firm, soak: bool) -> None:
    size, seed = LONG if soak else SHORT, random.randrange(2**32)
    wanted = expected(size.rows)
    with Nursery(settings.model_copy(update={"lease_seconds": LEASE_SECONDS})) as nursery:
        struck = Struck(firm, Nemesis(nursery, WORKERS, LEASE_SECONDS, seed), size)
        import_ = await started(firm, a_file(size.rows))
        job = await struck.under_fire(import_, JobState.DONE)
        told = f"seed {seed}, {struck.nemesis.kills} kills, {struck.nemesis.stops} freezes"
        created = wanted["created"]
        assert (dict(job.result), job.done) == (wanted, size.rows), told
        assert await struck.counted() == {
            "contacts": created,
            "found": created,
            "told": created,
            "left_out": wanted["skipped"] + wanted["failed"],
        }, told

        again = await struck.under_fire(
            await started(firm, a_file(size.rows, "Bergen"), OnExisting.OVERWRITE), JobState.DONE
        )
        assert again.result["updated"] == created, told
        assert again.result["total"] == size.rows, told
        assert await firm.sql("select 1 from contacts where city <> 'Bergen' or version <> 2") == [], told

        await firm.services.background_work.undo(firm.administrator, again.id)
        second = await firm.services.imports.page(firm.administrator, PAGE)
        await struck.under_fire(second.items[0], JobState.UNDONE)
        assert await firm.sql("select 1 from contacts where city <> 'Oslo' or version <> 3") == [], told
    print(told)
