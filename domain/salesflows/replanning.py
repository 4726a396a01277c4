"""What follows when the hours of a sender change: what was planned by the former ones is planned anew.

A step is planned by its sender's hours when the step before it was done, and again whenever it comes due while these
are closed. So hours that become shorter are kept to by themselves; of hours that become longer (a leave that is
cancelled, a holiday that is worked on) nobody would learn who had been put off until after them. A journey that is
given to a colleague has other hours as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.accounts.service import HOURS_CHANGED
from domain.accounts.working_hours import WorkingHours
from domain.salesflows.delays import Delay
from domain.salesflows.journey import planned
from domain.salesflows.model import WaitingReason
from domain.salesflows.ports import SalesflowUnit
from domain.shared.clock import Clock
from domain.shared.ids import EnrollmentId, UserId
from domain.shared.jobs import Job
from domain.shared.units import Units

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """The step that comes next in a journey, and since when its delay counts."""

    enrollment_id: EnrollmentId
    counted_from: datetime
    delay: Delay


class Replanned(NamedTuple):
    """When a step comes by the new hours, and what it waits for in the end."""

    enrollment_id: EnrollmentId
    due_at: datetime
    waiting: WaitingReason


class PlannedSteps(Protocol):
    """What is planned in the name of one user."""

    async def lock(self, user_id: UserId, after: EnrollmentId | None, limit: int) -> Sequence[EnrollmentId]:
        """The running enrollments behind `after`, in the order of their ids."""
        ...

    async def of(self, enrollment_ids: Sequence[EnrollmentId]) -> Sequence[PlannedStep]:
        """The steps that come next. Without those that are under way, and those that a moment's hindrance puts off."""
        ...

    async def move(self, replanned: Sequence[Replanned]) -> None:
        """Held ones as well: they come so much later as they are held."""
        ...

    async def bring_forward(self, enrollment_ids: Sequence[EnrollmentId], to: datetime) -> None:
        """Emails that are not with the provider yet are looked at then, unless it is sooner anyway."""
        ...


class ReplanningUnit(SalesflowUnit, Protocol):
    """A transaction of one organization, as replanning sees it."""

    @property
    def planned_steps(self) -> PlannedSteps: ...


class Replanning:
    """The handler of HOURS_CHANGED {user_id, after}."""

    def __init__(self, *, units: Units[ReplanningUnit], clock: Clock) -> None:
        self._units = units
        self._clock = clock

    async def hours_changed(self, job: Job) -> None:
        """Plans a batch by the hours as they are now, and leaves the others to another job. May be repeated.

        The hours are read under the locks: whoever plans by former hours has committed before, and is corrected here.
        """
        user_id = UserId(UUID(job.payload["user_id"]))
        after = EnrollmentId(UUID(job.payload["after"])) if "after" in job.payload else None
        async with self._units.of(job.organization_id) as unit:
            running = await unit.planned_steps.lock(user_id, after, AT_ONCE)
            if not running:
                return
            hours = (await unit.users.senders([user_id]))[user_id].working_hours
            await unit.planned_steps.move(replanned(await unit.planned_steps.of(running), hours))
            if opens := hours.next_open(self._clock.now()):
                await unit.planned_steps.bring_forward(running, opens)
            if len(running) == AT_ONCE:
                rest = {"user_id": str(user_id), "after": str(running[-1])}
                await unit.jobs.put(Job(HOURS_CHANGED, job.organization_id, rest))


def replanned(steps: Sequence[PlannedStep], hours: WorkingHours) -> list[Replanned]:
    """Each as if it had been planned by these hours in the first place. Whoever started together is planned once."""
    known: dict[tuple[datetime, Delay], tuple[datetime, WaitingReason]] = {}
    moved = []
    for step in steps:
        key = step.counted_from, step.delay
        if key not in known:
            known[key] = planned(*key, hours)
        moved.append(Replanned(step.enrollment_id, *known[key]))
    return moved
