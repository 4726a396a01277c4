"""What becomes of a step that is due: executed, put off, held or never."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from domain.accounts.working_hours import WorkingHours
from domain.salesflows.exits import ending
from domain.salesflows.model import FinishReason, SalesflowState, WaitingReason

# How long a step waits before it is looked at again when it is not known when the hindrance ends.
MAILBOX_PATIENCE = timedelta(minutes=5)
ORGANIZATION_PATIENCE = timedelta(minutes=15)
NEVER_OPEN_PATIENCE = timedelta(days=1)


StepKey = tuple[UUID, UUID, int, int]


# Named tuples, because thousands are made a second and a dataclass takes five times as long.
class DueEnrollment(NamedTuple):
    """An enrollment whose step is due, claimed by this transaction, with what is known of its contact and Salesflow."""

    organization_id: UUID
    id: UUID
    salesflow_id: UUID
    revision: int
    position: int
    contact_id: UUID
    user_id: UUID
    due_at: datetime
    email_key: str
    email_state: str
    opted_out: bool
    deleted: bool
    salesflow_state: str

    @property
    def sender_key(self) -> tuple[UUID, UUID]:
        return (self.organization_id, self.user_id)

    @property
    def step_key(self) -> StepKey:
        return (self.organization_id, self.salesflow_id, self.revision, self.position)


@dataclass(frozen=True, slots=True)
class DispatchSender:
    """Whose mailbox an email leaves from, and when. `mailbox_id` is None while there is no connected mailbox."""

    hours: WorkingHours
    mailbox_id: UUID | None
    organization_paused: bool


@dataclass(frozen=True, slots=True)
class DispatchStep:
    """What dispatch needs of a step: it never changes, so it is kept."""

    id: UUID
    variant_ids: tuple[UUID, ...]
    weights: tuple[int, ...]


class PlannedEmail(NamedTuple):
    """A step that is executed: its run and the email to be written for it."""

    organization_id: UUID
    email_id: UUID
    run_id: UUID
    enrollment_id: UUID
    salesflow_id: UUID
    contact_id: UUID
    user_id: UUID
    mailbox_id: UUID
    step_id: UUID
    variant_id: UUID
    position: int
    send_key: str


class PutOff(NamedTuple):
    """An enrollment whose step is not executed now: later, or when its Salesflow goes on (`due_at` is None)."""

    organization_id: UUID
    enrollment_id: UUID
    due_at: datetime | None
    held_due_at: datetime | None
    waiting: str | None


class Ended(NamedTuple):
    """An enrollment that is over."""

    organization_id: UUID
    enrollment_id: UUID
    activity_id: UUID
    salesflow_id: UUID
    contact_id: UUID
    user_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Execute:
    """The step is executed now, from this mailbox."""

    mailbox_id: UUID


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now; look again then."""

    until: datetime
    reason: WaitingReason


@dataclass(frozen=True, slots=True)
class Hold:
    """Not while the Salesflow is paused."""


@dataclass(frozen=True, slots=True)
class End:
    """Never."""

    reason: FinishReason


@dataclass(frozen=True, slots=True)
class Batch:
    """What was decided about one claim."""

    planned: list[PlannedEmail]
    put_off: list[PutOff]
    ended: list[Ended]

    @property
    def size(self) -> int:
        return len(self.planned) + len(self.put_off) + len(self.ended)


def opening(sender: DispatchSender, now: datetime) -> Execute | Wait:
    """Whether anything may leave in the name of this sender now; the same for everybody in a batch."""
    if sender.organization_paused:
        return Wait(now + ORGANIZATION_PATIENCE, WaitingReason.ORGANIZATION_PAUSED)
    if sender.mailbox_id is None:
        return Wait(now + MAILBOX_PATIENCE, WaitingReason.MAILBOX)
    opens = sender.hours.next_open(now)
    if opens is None or opens > now:
        return Wait(opens or now + NEVER_OPEN_PATIENCE, WaitingReason.BUSINESS_HOURS)
    return Execute(sender.mailbox_id)


def decide(due: DueEnrollment, may_leave: Execute | Wait, suppressed: bool) -> Execute | Wait | Hold | End:
    """What becomes of one due step: the contact's own reasons first, then the Salesflow's, then the sender's."""
    reason = ending(due, suppressed)
    if reason:
        return End(reason)
    if due.salesflow_state != SalesflowState.ACTIVE:
        return Hold()
    return may_leave
