"""Background jobs in a worker: the bell begins a turn, the sweep finds what nobody is at, old ones are forgotten."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from adapters.bootstrap import Container
from domain.background.model import UNDO_WITHIN, BackgroundJob, JobState
from domain.background.service import BACKGROUND_JOB
from domain.contacts.bulk import Meant
from domain.shared.errors import NotFound
from domain.shared.ids import FileId
from domain.shared.jobs import Job
from tests.mailing import Firm
from workers.background import WORKING_AT_ONCE, bell, sweeps, working_turns

pytestmark = pytest.mark.anyio


async def a_job(firm: Firm, act: str = "set_status", **asked: Any) -> BackgroundJob:
    people = await firm.contacts(2)
    meant = Meant([person.id for person in people])
    return await firm.services.bulk.start(firm.administrator, meant, act, asked or {"status": "Open"})


async def now(firm: Firm, job: BackgroundJob) -> BackgroundJob:
    return await firm.services.background_work.get(firm.administrator, job.id)


async def test_the_bell_begins_a_turn_that_does_the_job(firm: Firm) -> None:
    job = await a_job(firm)
    turns = working_turns(firm.services, asyncio.Event())
    await bell(turns)(firm.services, Job(BACKGROUND_JOB, job.organization_id, {"job_id": str(job.id)}))
    await turns.finish()

    assert (await now(firm, job)).state is JobState.DONE


async def test_the_sweep_finds_a_job_whose_bell_was_lost(firm: Firm) -> None:
    job = await a_job(firm)
    turns = working_turns(firm.services, asyncio.Event())
    [work, *_] = sweeps(firm.services, turns)
    while (await now(firm, job)).is_open:
        await work.work()
        await turns.finish()

    assert (await now(firm, job)).done == 2


async def test_jobs_that_a_newer_version_has_begun_are_in_nobodys_way(firm: Firm) -> None:
    newer = [(await a_job(firm)).id for _ in range(WORKING_AT_ONCE)]
    await firm.sql("update background_jobs set kind = 'newer', lease_until = 'epoch' where id = any($1)", newer)

    waiting = await firm.services.background_work.waiting()

    assert not {job_id for _, job_id in waiting} & set(newer)


async def ended(services: Container, firm: Firm, job: BackgroundJob, ago: timedelta) -> BackgroundJob:
    """The job, done so long ago."""
    await services.background_work.run(job.organization_id, job.id)
    then = services.clock.now() - ago
    await firm.sql("update background_jobs set finished_at = $2 where id = $1", job.id, then)
    return await now(firm, job)


async def test_what_can_no_longer_be_taken_back_is_forgotten_with_its_file(firm: Firm) -> None:
    services = firm.services
    old = await ended(services, firm, await a_job(firm, "export", columns=["email"]), UNDO_WITHIN + timedelta(hours=1))
    late = await ended(services, firm, await a_job(firm), UNDO_WITHIN - timedelta(hours=1))
    open_ = await a_job(firm)
    [*_, forget] = sweeps(services, working_turns(services, asyncio.Event()))
    while await forget.work():
        continue

    with pytest.raises(NotFound):
        await now(firm, old)
    async with services.units.of(firm.administrator.organization_id) as unit:
        with pytest.raises(NotFound):
            await unit.files.get(FileId(UUID(old.result["file_id"])))
    assert [(await now(firm, job)).state for job in (late, open_)] == [JobState.DONE, JobState.QUEUED]
    assert services.background_work.can_undo(await now(firm, late))
