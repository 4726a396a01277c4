"""Does background jobs piece by piece, wherever a worker is free, as often as it takes."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Protocol

import structlog

from domain.background.model import BackgroundJob, Document, JobState, LeaseLost
from domain.background.ports import AnyPiecework, BackgroundUnit, Bells, InLanes, Undoable
from domain.background.watching import JobWatch
from domain.shared.clock import Clock
from domain.shared.errors import EngageError, NotAllowedInState, NotFound, Unavailable
from domain.shared.files import StoredFile, content_between
from domain.shared.ids import BackgroundJobId, Ids, OrganizationId
from domain.shared.jobs import Job
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal
from domain.shared.units import SystemUnits, Units, repeated

log = structlog.get_logger(__name__)

# The bell, with the payload {"job_id": …}.
BACKGROUND_JOB = "background_job"
TURN_SECONDS = 20.0
SWEPT_AT_ONCE = 50
# What a fault of our own is called.
UNEXPECTED = "internal_error"


class BackgroundUnits(Units[BackgroundUnit], SystemUnits[BackgroundUnit], Protocol):
    """Opens units of one organization, and across all for the sweeper."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a worker may do until it is another's turn."""

    organization_id: OrganizationId
    job_id: BackgroundJobId
    fence: int
    until: float
    stopping: asyncio.Event

    @property
    def is_over(self) -> bool:
        return self.stopping.is_set() or asyncio.get_running_loop().time() >= self.until


class BackgroundWork:
    """Users see, stop and take back their own jobs, Administrators those of everybody."""

    def __init__(
        self,
        *,
        units: BackgroundUnits,
        pieceworks: Mapping[str, AnyPiecework],
        bells: Bells,
        clock: Clock,
        ids: Ids,
        lease_seconds: float,
    ) -> None:
        """`pieceworks` says how each kind of job is done."""
        self._units = units
        self._pieceworks = pieceworks
        self._bells = bells
        self._clock = clock
        self._ids = ids
        self._lease_seconds = lease_seconds

    async def put(
        self, unit: BackgroundUnit, principal: Principal, kind: str, spec: Document, total: int | None = None
    ) -> BackgroundJob:
        """A job that begins when the unit commits."""
        job = BackgroundJob(
            organization_id=principal.organization_id,
            id=BackgroundJobId(self._ids.new()),
            user_id=principal.user_id,
            kind=kind,
            spec=spec,
            created_at=self._clock.now(),
            total=total,
        )
        await unit.background_jobs.add(job)
        await unit.jobs.put(_bell(principal.organization_id, job.id))
        return job

    async def get(self, principal: Principal, job_id: BackgroundJobId) -> BackgroundJob:
        """Raises NotFound, for others' jobs too."""
        async with self._units.of(principal.organization_id) as unit:
            return _seen(await unit.background_jobs.look(job_id), principal)

    async def page(self, principal: Principal, page: PageRequest) -> Page[BackgroundJob]:
        """The principal's own, newest first. Raises InvalidCursor."""
        async with self._units.of(principal.organization_id) as unit:
            return await unit.background_jobs.page(principal.user_id, page)

    async def file(self, principal: Principal, job_id: BackgroundJobId) -> StoredFile:
        """The file that the job made. Raises NotFound, while there is none too."""
        async with self._units.of(principal.organization_id) as unit:
            file_id = _seen(await unit.background_jobs.look(job_id), principal).file_id
            if file_id is None:
                raise NotFound("file")
            return await unit.files.get(file_id)

    def content(self, principal: Principal, file: StoredFile) -> AsyncIterator[bytes]:
        """Of a file that the principal was given, piece by piece."""
        return content_between(self._units, principal.organization_id, file.id, 0, file.size)

    def watch(self, principal: Principal, job_id: BackgroundJobId) -> JobWatch:
        """To be opened for a job that the principal was given."""
        return JobWatch(self._units, self._bells, principal, job_id)

    def can_undo(self, job: BackgroundJob) -> bool:
        """Whether the job can be taken back now."""
        return isinstance(self._pieceworks.get(job.kind), Undoable) and job.may_be_undone(self._clock.now())

    async def cancel(self, principal: Principal, job_id: BackgroundJobId) -> BackgroundJob:
        """Stops it; what was done stays done. May be repeated. Raises NotFound, NotAllowedInState."""
        async with self._units.of(principal.organization_id) as unit:
            before = _seen(await unit.background_jobs.lock(job_id), principal)
            after = before.cancelled(self._clock.now())
            if after != before:
                await unit.background_jobs.turn(after)
        await self._tell(after)
        return after

    async def undo(self, principal: Principal, job_id: BackgroundJobId) -> BackgroundJob:
        """Begins to take it back. May be repeated, and is done once. Raises NotFound, NotAllowedInState."""
        async with self._units.of(principal.organization_id) as unit:
            return await self.begin_undo(unit, principal, job_id)

    async def begin_undo(self, unit: BackgroundUnit, principal: Principal, job_id: BackgroundJobId) -> BackgroundJob:
        """The same inside of a unit, for what keeps more about its job. Raises NotFound, NotAllowedInState."""
        before = _seen(await unit.background_jobs.lock(job_id), principal)
        if not isinstance(self._pieceworks.get(before.kind), Undoable):
            raise NotAllowedInState("This can't be taken back.", "job_not_undoable")
        after = before.undoing(self._clock.now())
        if after != before:
            await unit.background_jobs.turn(after)
            await unit.jobs.put(_bell(principal.organization_id, job_id))
        return after

    async def waiting(self) -> Sequence[tuple[OrganizationId, BackgroundJobId]]:
        """Jobs that nobody is at, whatever became of their bells.

        Of kinds that are known here: those that a newer version has begun wait for it, and are in nobody's way.
        """
        async with self._units.system() as unit:
            return await unit.background_jobs.open_ones(self._pieceworks.keys(), SWEPT_AT_ONCE)

    async def run(
        self, organization_id: OrganizationId, job_id: BackgroundJobId, stopping: asyncio.Event | None = None
    ) -> None:
        """Turns of some seconds, if the job is open and nobody else's, until others wait; then rings for the next one.

        May be repeated and run anywhere at any time. After `stopping` is set the current piece is finished.
        """
        async with self._units.of(organization_id) as unit:
            known, now = self._pieceworks.keys(), self._clock.now()
            fence = await unit.background_jobs.claim(job_id, known, now, self._lease_seconds)
        if fence is None:
            return
        turn = Turn(organization_id, job_id, fence, _turn_ends(), stopping or asyncio.Event())
        try:
            async with self._kept(turn):
                while not (over := await self._go_on(turn)) and await self._is_alone(turn):
                    turn = replace(turn, until=_turn_ends())
        except LeaseLost:
            log.info("background_job_lost", background_job_id=str(job_id))
            return
        if not over:
            await self._hand_on(turn)

    @asynccontextmanager
    async def _kept(self, turn: Turn) -> AsyncIterator[None]:
        """Prolongs the lease again and again meanwhile, however long a piece takes."""
        keeping = asyncio.create_task(self._keep(turn))
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    async def _keep(self, turn: Turn) -> None:
        while True:
            await asyncio.sleep(self._lease_seconds / 3)
            try:
                async with self._units.of(turn.organization_id) as unit:
                    await unit.background_jobs.hold(turn.job_id, turn.fence, self._lease_seconds)
            except LeaseLost:
                return
            except EngageError as failure:
                log.info("lease_not_prolonged", background_job_id=str(turn.job_id), code=failure.code)

    async def _go_on(self, turn: Turn) -> bool:
        """In all lanes at once. Whether the job is over."""
        try:
            lanes = await repeated(lambda: self._lanes(turn))
        except (LeaseLost, Unavailable):
            raise
        except Exception as error:
            await self._failed(turn, error)
            return True
        ends = await asyncio.gather(*(self._lane(turn, lane) for lane in lanes), return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        return all(ends)

    async def _lanes(self, turn: Turn) -> Sequence[int]:
        """Those that are to be gone on with; what can be done in lanes is split before the first piece."""
        async with self._units.of(turn.organization_id) as unit:
            job = await unit.background_jobs.get(turn.job_id)
            piecework = self._pieceworks[job.kind]
            if job.cursor is None and isinstance(piecework, InLanes):
                job = job.split(*await piecework.lanes(unit, job))
                await unit.background_jobs.progress(job, turn.fence, self._lease_seconds)
        return job.open_lanes

    async def _lane(self, turn: Turn, lane: int) -> bool:
        """Piece after piece of a lane, for as long as the turn. Whether it is over."""
        while await self._piece(turn, lane):
            if turn.is_over:
                return False
        return True

    async def _piece(self, turn: Turn, lane: int) -> bool:
        """One piece, or the end that it comes to. Whether there is more of the lane."""
        try:
            job = await repeated(lambda: self._worked(turn, lane))
        except (LeaseLost, Unavailable):
            raise
        except Exception as error:
            await self._failed(turn, error)
            return False
        if not job.is_open:
            log.info("background_job_ended", background_job_id=str(job.id), kind=job.kind, state=job.state.value)
            await self._tell(job)
        return job.is_open and lane in job.open_lanes

    async def _worked(self, turn: Turn, lane: int) -> BackgroundJob:
        """One transaction. Other lanes go on beside it, so the job is read anew to add to it."""
        async with self._units.of(turn.organization_id) as unit:
            before = await unit.background_jobs.get(turn.job_id)
            if not before.is_open:
                raise LeaseLost
            piecework = self._pieceworks[before.kind]
            act = piecework.piece
            if before.state is JobState.UNDOING and isinstance(piecework, Undoable):
                act = piecework.undo_piece
            piece = await act(unit, before.in_lane(lane))
            latest = await unit.background_jobs.lock(turn.job_id)
            if not latest.is_open:
                raise LeaseLost
            after = latest.after(piece, lane, self._clock.now())
            await unit.background_jobs.progress(after, turn.fence, self._lease_seconds)
            return after

    async def _failed(self, turn: Turn, error: Exception) -> None:
        """The piece was rolled back; what was done before stays, and can be taken back."""
        code = _code(error)
        fault = error if code == UNEXPECTED else None
        log.error("background_job_failed", background_job_id=str(turn.job_id), code=code, exc_info=fault)
        async with self._units.of(turn.organization_id) as unit:
            job = (await unit.background_jobs.lock(turn.job_id)).failed(code, self._clock.now())
            await unit.background_jobs.progress(job, turn.fence, self._lease_seconds)
        await self._tell(job)

    async def _is_alone(self, turn: Turn) -> bool:
        """Whether nothing waits for this turn to end."""
        return not turn.stopping.is_set() and not await self.waiting()

    async def _hand_on(self, turn: Turn) -> None:
        async with self._units.of(turn.organization_id) as unit:
            await unit.background_jobs.release(turn.job_id, turn.fence)
            await unit.jobs.put(_bell(turn.organization_id, turn.job_id))

    async def _tell(self, job: BackgroundJob) -> None:
        if job.user_id:
            await self._bells.ring([job.user_id])


def _seen(job: BackgroundJob, principal: Principal) -> BackgroundJob:
    """Raises NotFound for what is not the principal's to see."""
    if job.user_id != principal.user_id and not principal.is_administrator:
        raise NotFound("job")
    return job


def _turn_ends() -> float:
    return asyncio.get_running_loop().time() + TURN_SECONDS


def _code(error: Exception) -> str:
    """As languages know what was refused: the code, with its reason where it gives one."""
    if not isinstance(error, EngageError):
        return UNEXPECTED
    return f"{error.code}_{error.reason}" if error.reason else error.code


def _bell(organization_id: OrganizationId, job_id: BackgroundJobId) -> Job:
    return Job(BACKGROUND_JOB, organization_id, {"job_id": str(job_id)})
