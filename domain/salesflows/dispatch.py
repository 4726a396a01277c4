"""Turns steps that are due into emails to be written: decides for a whole batch, whatever the organization.

The claim, what was decided and its consequences are one transaction. A step leads to one email, however often and by
however many dispatchers it is looked at: the row is locked while it is decided on, and a step run is unique.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from domain.salesflows.due import (
    Batch,
    DispatchSender,
    DispatchStep,
    DueEnrollment,
    End,
    Ended,
    Execute,
    Hold,
    PlannedEmail,
    PutOff,
    StepKey,
    Wait,
    decide,
    opening,
)
from domain.salesflows.model import FinishReason, WaitingReason
from domain.salesflows.ports import DispatchUnit
from domain.salesflows.variants import pick_variant
from domain.shared.clock import Clock
from domain.shared.ids import Ids
from domain.shared.units import SystemUnits

log = structlog.get_logger(__name__)

KEPT_STEPS = 4096
# How long a step waits about which nothing can be decided: its data is at fault, and somebody has to read the log.
FAULT_PATIENCE = timedelta(minutes=15)


class Dispatch:
    """The dispatcher of one process. Any number may run."""

    def __init__(self, units: SystemUnits[DispatchUnit], ids: Ids, clock: Clock) -> None:
        self._units = units
        self._ids = ids
        self._clock = clock
        self._steps: dict[StepKey, DispatchStep] = {}

    async def dispatch_due(self) -> int:
        """Takes one batch of due steps and executes, puts off or ends each. Says how many; 0: nothing is due.

        May be repeated and run in parallel; dying at any point loses and doubles nothing.
        """
        now = self._clock.now()
        async with self._units.system() as unit:
            due = await unit.dispatch.claim(now)
            if not due:
                return 0
            senders = await unit.dispatch.senders({row.sender_key for row in due})
            may_leave = openings(senders, now)
            steps = await self._steps_of(unit, {row.step_key for row in due})
            suppressed = await unit.dispatch.suppressed({(row.organization_id, row.email_key) for row in due})
            await unit.dispatch.record(decided(due, may_leave, steps, suppressed, self._ids, now), now)
        return len(due)

    async def resume_due(self) -> int:
        """Lets a batch of enrollments go on whose pause is over. Says how many. May be repeated and run in parallel."""
        async with self._units.system() as unit:
            return await unit.dispatch.resume_due(self._clock.now())

    async def _steps_of(self, unit: DispatchUnit, keys: set[StepKey]) -> Mapping[StepKey, DispatchStep]:
        """Kept between batches: a revision's steps never change."""
        missing = keys - self._steps.keys()
        if missing:
            if len(self._steps) > KEPT_STEPS:
                self._steps.clear()
                missing = keys
            self._steps.update(await unit.dispatch.steps(missing))
        return self._steps


def openings(
    senders: Mapping[tuple[UUID, UUID], DispatchSender], now: datetime
) -> Mapping[tuple[UUID, UUID], Execute | Wait]:
    """What may leave in whose name; a sender about whom that cannot be said is put off, and logged."""
    found: dict[tuple[UUID, UUID], Execute | Wait] = {}
    for key, sender in senders.items():
        try:
            found[key] = opening(sender, now)
        except Exception:
            log.exception("sender_undecided", organization_id=key[0], user_id=key[1])
    return found


def decided(
    due: Sequence[DueEnrollment],
    may_leave: Mapping[tuple[UUID, UUID], Execute | Wait],
    steps: Mapping[StepKey, DispatchStep],
    suppressed: set[tuple[UUID, str]],
    ids: Ids,
    now: datetime,
) -> Batch:
    """What becomes of a whole batch. One that cannot be decided on is put off and logged; the others go on."""
    batch = Batch([], [], [])
    for row in due:
        try:
            may = may_leave.get(row.sender_key, Wait(now + FAULT_PATIENCE, WaitingReason.DELAY))
            _decide_one(batch, row, may, steps, suppressed, ids)
        except Exception:
            log.exception("enrollment_undecided", organization_id=row.organization_id, enrollment_id=row.id)
            until = now + FAULT_PATIENCE
            batch.put_off.append(PutOff(row.organization_id, row.id, until, None, WaitingReason.DELAY))
    return batch


def _decide_one(
    batch: Batch,
    row: DueEnrollment,
    may_leave: Execute | Wait,
    steps: Mapping[StepKey, DispatchStep],
    suppressed: set[tuple[UUID, str]],
    ids: Ids,
) -> None:
    decision = decide(row, may_leave, (row.organization_id, row.email_key) in suppressed)
    step = steps.get(row.step_key)
    if step is None and not isinstance(decision, End):
        decision = End(FinishReason.COMPLETED)
    match decision:
        case Execute(mailbox_id):
            assert step is not None
            batch.planned.append(_planned(row, step, mailbox_id, ids))
        case Wait(until, reason):
            batch.put_off.append(PutOff(row.organization_id, row.id, until, None, reason))
        case Hold():
            batch.put_off.append(PutOff(row.organization_id, row.id, None, row.due_at, None))
        case End(reason):
            batch.ended.append(_ended(row, reason, ids))


def _planned(row: DueEnrollment, step: DispatchStep, mailbox_id: UUID, ids: Ids) -> PlannedEmail:
    variants = step.variant_ids
    chosen = pick_variant(row.contact_id, step.id, step.weights) if len(variants) > 1 else 0
    return PlannedEmail(
        row.organization_id,
        ids.new(),
        ids.new(),
        row.id,
        row.salesflow_id,
        row.contact_id,
        row.user_id,
        mailbox_id,
        step.id,
        variants[chosen],
        row.position,
        f"{row.id.hex}:{row.position}",
    )


def _ended(row: DueEnrollment, reason: FinishReason, ids: Ids) -> Ended:
    return Ended(row.organization_id, row.id, ids.new(), row.salesflow_id, row.contact_id, row.user_id, reason)
