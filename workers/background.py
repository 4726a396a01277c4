"""Background jobs: each gets a turn when its bell rings, and when a sweep finds that nobody is at it."""

import asyncio
from uuid import UUID

from adapters.bootstrap import Container
from domain.background.model import UNDO_WITHIN
from domain.shared.ids import BackgroundJobId, OrganizationId
from domain.shared.jobs import Job
from workers.job import Handler
from workers.schedule import Sweep
from workers.turns import Turns

# They keep PostgreSQL busy, beside which people want their answers.
WORKING_AT_ONCE = 2


def working_turns(services: Container, stopping: asyncio.Event) -> Turns[BackgroundJobId]:
    """Turns at background jobs; after `stopping` each finishes its current piece."""

    async def work(organization_id: OrganizationId, job_id: BackgroundJobId) -> None:
        await services.background_work.run(organization_id, job_id, stopping)

    return Turns("work", WORKING_AT_ONCE, work)


def sweeps(services: Container, turns: Turns[BackgroundJobId]) -> list[Sweep]:
    """Jobs whose bell was lost, whose worker died, or that had to wait for others; and those that ended long ago."""

    async def work() -> None:
        if turns.free > 0:
            for key in await services.background_work.waiting():
                turns.start(key)

    async def forget() -> bool:
        return await services.operations.forget_ended_job(services.clock.now() - UNDO_WITHIN)

    async def forget_imports() -> bool:
        return await services.imports.forget_one()

    return [
        Sweep("background_jobs", min(5, services.settings.lease_seconds), work),
        Sweep("old_imports", 600, forget_imports),
        Sweep("ended_jobs", 600, forget),
    ]


def bell(turns: Turns[BackgroundJobId]) -> Handler:
    """There is something to do for a job; its turn begins unless it has one already."""

    async def ring(_: Container, job: Job) -> None:
        turns.start((job.organization_id, BackgroundJobId(UUID(job.payload["job_id"]))))

    return ring
