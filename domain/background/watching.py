"""A job that is looked at: how far it is, told every second until it is over."""

import asyncio
from collections.abc import AsyncIterator

from domain.background.model import BackgroundJob
from domain.background.ports import BackgroundUnit, Bells
from domain.shared.errors import NotFound, Unavailable
from domain.shared.ids import BackgroundJobId
from domain.shared.principal import Principal
from domain.shared.units import Units

LOOK_SECONDS = 1.0


class JobWatch:
    """One open look at a job that the principal may see, until `end`."""

    def __init__(
        self, units: Units[BackgroundUnit], bells: Bells, principal: Principal, job_id: BackgroundJobId
    ) -> None:
        self._units = units
        self._bells = bells
        self._principal = principal
        self._job_id = job_id
        self._woken = asyncio.Event()
        self._over = False

    def end(self) -> None:
        """The events end at once."""
        self._over = True
        self._woken.set()

    async def events(self) -> AsyncIterator[BackgroundJob | None]:
        """The job at once and every second, until it is over; None while nobody knows how far it is."""
        with self._bells.listening(self._principal.user_id, self._woken.set):
            while not self._over:
                try:
                    job = await self._look()
                except NotFound:
                    return
                yield job
                if job is not None and not job.is_open:
                    return
                await self._pause()

    async def _look(self) -> BackgroundJob | None:
        try:
            async with self._units.of(self._principal.organization_id) as unit:
                return await unit.background_jobs.look(self._job_id)
        except Unavailable:
            return None

    async def _pause(self) -> None:
        """Shorter when the bell rings; a job that has just ended rings."""
        try:
            await asyncio.wait_for(self._woken.wait(), LOOK_SECONDS)
        except TimeoutError:
            return
        if not self._over:
            self._woken.clear()
