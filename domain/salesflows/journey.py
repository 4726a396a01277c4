"""How an enrollment moves: held, on its way again, over, on to the next step. Pure; nothing is stored here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.accounts.working_hours import WorkingHours
from domain.salesflows.delays import Delay
from domain.salesflows.model import Enrollment, EnrollmentState, FinishReason, PauseReason, WaitingReason
from domain.salesflows.schedule import due_at
from domain.shared.errors import NotAllowedInState

# How long an absence is taken to last that does not say until when.
ABSENCE = timedelta(days=7)
# A calendar that never opens is looked at again after this long.
NEVER_OPEN_PATIENCE = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)


def planned(after: datetime, delay: Delay, hours: WorkingHours) -> tuple[datetime, WaitingReason]:
    """When a step comes whose delay begins at `after`, and what it waits for in the end."""
    due = due_at(after, delay, hours)
    if due is None:
        return after + NEVER_OPEN_PATIENCE, WaitingReason.BUSINESS_HOURS
    moved = due > after and not hours.is_open(due - _MOMENT)
    return due, WaitingReason.BUSINESS_HOURS if moved else WaitingReason.DELAY


def finished(enrollment: Enrollment, reason: FinishReason, at: datetime) -> Enrollment:
    """The journey as it is over."""
    return replace(
        enrollment,
        state=EnrollmentState.FINISHED,
        reason=reason.value,
        due_at=None,
        waiting=None,
        held_due_at=None,
        missing_fields=(),
        paused_at=None,
        resume_at=None,
        finished_at=at,
    )


def advanced(enrollment: Enrollment, delay: Delay, hours: WorkingHours, at: datetime) -> Enrollment:
    """On to the next step after the current one was done at `at`. A held journey stays held."""
    due, waiting = planned(at, delay, hours)
    paused_at = max(enrollment.paused_at, at) if enrollment.paused_at else None
    return replace(
        enrollment,
        position=enrollment.position + 1,
        due_at=due,
        waiting=waiting,
        held_due_at=None,
        counted_from=at,
        paused_at=paused_at,
    )


def paused(enrollment: Enrollment, at: datetime) -> Enrollment:
    """Held until a person lets it go on; wins over every other hold. Raises NotAllowedInState when it is over."""
    if not enrollment.is_running:
        raise NotAllowedInState("This contact has finished the Salesflow.", "enrollment_finished")
    return _held(enrollment, PauseReason.MANUAL, at, None)


def away(enrollment: Enrollment, at: datetime, until: datetime | None, hours: WorkingHours) -> Enrollment:
    """Held while the contact is out of office: until the first business hours after the absence.

    A further absence only extends the first; other holds stay as they are.
    """
    ends = until if until and until > at else at + ABSENCE
    resume_at = hours.next_open(ends) or ends
    if enrollment.state is EnrollmentState.ACTIVE:
        return _held(enrollment, PauseReason.OUT_OF_OFFICE, at, resume_at)
    if enrollment.reason == PauseReason.OUT_OF_OFFICE and enrollment.resume_at and enrollment.resume_at < resume_at:
        return replace(enrollment, resume_at=resume_at)
    return enrollment


def lacking(enrollment: Enrollment, fields: Sequence[str], at: datetime) -> Enrollment:
    """Held until the contact has these merge fields; other holds stay as they are."""
    if enrollment.state is EnrollmentState.ACTIVE:
        return replace(_held(enrollment, PauseReason.NEEDS_DATA, at, None), missing_fields=tuple(fields))
    return enrollment


def resumed(enrollment: Enrollment, now: datetime, salesflow_paused_at: datetime | None = None) -> Enrollment:
    """On its way again: time that was held does not count as delay. Raises NotAllowedInState when over.

    In a Salesflow that is paused itself the hold counts until that pause alone: the rest is given when the Salesflow
    goes on, so that no time is given twice.
    """
    if not enrollment.is_running:
        raise NotAllowedInState("This contact has finished the Salesflow.", "enrollment_finished")
    if enrollment.state is EnrollmentState.ACTIVE:
        return enrollment
    due = enrollment.held_due_at or enrollment.due_at
    until = min(now, salesflow_paused_at) if salesflow_paused_at else now
    held = max(until - (enrollment.paused_at or until), timedelta(0))
    return replace(
        enrollment,
        state=EnrollmentState.ACTIVE,
        reason=None,
        due_at=due + held if due else None,
        held_due_at=None,
        counted_from=enrollment.counted_from + held if enrollment.counted_from else None,
        missing_fields=(),
        paused_at=None,
        resume_at=None,
    )


def _held(enrollment: Enrollment, reason: PauseReason, at: datetime, resume_at: datetime | None) -> Enrollment:
    return replace(
        enrollment,
        state=EnrollmentState.PAUSED,
        reason=reason.value,
        missing_fields=(),
        paused_at=enrollment.paused_at or at,
        resume_at=resume_at,
    )
