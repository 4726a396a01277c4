"""Runs jobs of the outbox, and says what becomes of one that fails: the one table from errors to fates."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from adapters.bootstrap import Container
from domain.shared import errors
from domain.shared.jobs import Job

log = structlog.get_logger(__name__)

Handler = Callable[[Container, Job], Awaitable[None]]

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class RetryAt:
    """It may work later."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It will never work, and nobody needs to know."""


@dataclass(frozen=True, slots=True)
class HandToPerson:
    """It will not work until somebody changes something."""


Fate = RetryAt | GiveUp | HandToPerson


# Looked up along the class's ancestors: the nearest one wins.
FATES: Mapping[type[BaseException], type[RetryAt | GiveUp | HandToPerson]] = {
    errors.EngageError: HandToPerson,
    errors.Rejected: HandToPerson,
    errors.InvalidCursor: GiveUp,
    errors.Unauthenticated: GiveUp,
    errors.Forbidden: HandToPerson,
    errors.NotFound: GiveUp,
    errors.Conflict: GiveUp,
    errors.VersionMismatch: RetryAt,
    errors.NotConnected: HandToPerson,
    errors.TooManyRequests: RetryAt,
    errors.Unavailable: RetryAt,
    errors.ProviderError: RetryAt,
    errors.ProviderRejected: HandToPerson,
    errors.ProviderNotFound: GiveUp,
    errors.ProviderAccessLost: GiveUp,
    errors.ProviderThrottled: RetryAt,
    errors.ProviderUnavailable: RetryAt,
    errors.ProviderUnknown: RetryAt,
    # A fault of our own: it is logged, and tried again in case it was the moment's.
    Exception: RetryAt,
}


def fate_of(error: Exception, attempts: int, now: datetime) -> Fate:
    """What becomes of a job that failed with this error, after so many failures before."""
    for ancestor in type(error).__mro__:
        fate = FATES.get(ancestor)
        if fate is RetryAt:
            return RetryAt(now + _pause(error, attempts, now))
        if fate is not None:
            return GiveUp() if fate is GiveUp else HandToPerson()
    return HandToPerson()


def _pause(error: Exception, attempts: int, now: datetime) -> timedelta:
    """What was asked for; otherwise twice as long each time."""
    if isinstance(error, errors.ProviderThrottled) and error.retry_at:
        return max(error.retry_at - now, FIRST_PAUSE)
    if isinstance(error, errors.TooManyRequests):
        return max(error.retry_after, FIRST_PAUSE)
    return min(FIRST_PAUSE * (1 << min(attempts, 20)), LONGEST_PAUSE)


class JobRunner:
    """Runs jobs by their id. Jobs look at what is true when they run, so running one twice changes nothing."""

    def __init__(self, services: Container, handlers: Mapping[str, Handler]) -> None:
        self._services = services
        self._handlers = handlers

    async def run(self, job_id: UUID) -> None:
        """Does the job unless it is done; raises nothing but cancellation and what the database does."""
        async with self._services.units.system() as unit:
            found = await unit.jobs.find(job_id)
        if found is None:
            return
        job, attempts = found
        with structlog.contextvars.bound_contextvars(job_id=str(job_id), organization_id=str(job.organization_id)):
            fate = await self._outcome(job, attempts)
            async with self._services.units.system() as unit:
                if isinstance(fate, RetryAt):
                    await unit.jobs.put_off(job_id, fate.at)
                else:
                    await unit.jobs.done(job_id)

    async def _outcome(self, job: Job, attempts: int) -> Fate | None:
        handler = self._handlers.get(job.kind)
        if handler is None:
            log.error("job_unknown", kind=job.kind)
            return HandToPerson()
        try:
            await handler(self._services, job)
        except Exception as error:
            fate = fate_of(error, attempts, self._services.clock.system())
            _tell(job, error, fate)
            return fate
        return None


def _tell(job: Job, error: Exception, fate: Fate) -> None:
    known = isinstance(error, errors.EngageError)
    code = error.code if isinstance(error, errors.EngageError) else type(error).__name__
    match fate:
        case RetryAt(at):
            log.warning("job_retries", kind=job.kind, code=code, at=at.isoformat(), exc_info=not known)
        case GiveUp():
            log.info("job_given_up", kind=job.kind, code=code)
        case HandToPerson():
            log.error("job_needs_human", kind=job.kind, code=code, exc_info=True)
