"""Rings the queue for what is in the outbox. Without Redis the work is done here."""

from datetime import timedelta

from adapters.bootstrap import Container
from adapters.queue import JobQueue
from workers.job import JobRunner

BATCH = 200
# A bell that was lost is rung again after this time.
AGAIN_AFTER = timedelta(seconds=10)


class Relay:
    """Any number may run."""

    def __init__(self, services: Container, queue: JobQueue, runner: JobRunner) -> None:
        self._services = services
        self._queue = queue
        self._runner = runner

    async def pass_on(self) -> int:
        """One batch. Says how many there were."""
        async with self._services.units.system() as unit:
            jobs = await unit.jobs.ring(BATCH, AGAIN_AFTER)
        away = False
        for job_id, _, _ in jobs:
            away = away or not await self._queue.ring(job_id)
            if away:
                await self._runner.run(job_id)
        return len(jobs)
