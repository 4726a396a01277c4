"""What becomes of the journeys that run in the name of somebody who leaves: held, then given to a colleague.

They are never finished for that. Their order of locks is everybody's: Salesflows, contacts, enrollments, emails.

A colleague goes on at the same step. What was written for the former mailbox is written anew for the new one. A thread
lives in one mailbox, so it cannot be answered from another: a step that would reply begins a thread of its own with the
subject of the former one, and later steps reply in that (see `domain.emails.writing`). An email that may have left
already stays where it is: it is settled by its own mailbox, or by a person, and the journey goes on from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.accounts.model import User, UserState
from domain.activities.model import ActivityType
from domain.connections.model import MailboxState
from domain.salesflows.model import Enrollment, PauseReason
from domain.salesflows.ports import SalesflowUnit
from domain.salesflows.stopping import happened
from domain.shared.errors import InvalidField, NotConnected
from domain.shared.ids import EnrollmentId, MailboxId, SalesflowId, UserId

AT_ONCE = 2_000
NOBODY = "Choose another active user of the organization."


@dataclass(frozen=True, slots=True)
class LeftSalesflow:
    """A Salesflow in which journeys run in somebody's name, and how many."""

    salesflow_id: SalesflowId
    name: str
    enrollments: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who was deleted, and how many journeys wait for a colleague since."""

    user_id: UserId
    name: str
    email: str
    enrollments: int


class LeftEnrollments(Protocol):
    """The running enrollments of one user. Whoever changes them locks the user first."""

    async def waiting(self) -> Sequence[Waiting]:
        """Of all who were deleted, by name."""
        ...

    async def by_salesflow(self, user_id: UserId) -> Sequence[LeftSalesflow]:
        """By name."""
        ...

    async def lock(self, user_id: UserId) -> Sequence[EnrollmentId]:
        """All of them, together with their Salesflows and contacts."""
        ...

    async def hold(self, enrollment_ids: Sequence[EnrollmentId], at: datetime) -> Sequence[Enrollment]:
        """Holds those that are not held by a person, because their sender has left; gives these.

        The rest of an absence of the contact is kept: it counts as time held.
        """
        ...

    async def give(
        self, enrollment_ids: Sequence[EnrollmentId], to: UserId, mailbox_id: MailboxId, now: datetime
    ) -> Sequence[Enrollment]:
        """They run in the name of `to`, and their unsent emails leave from this mailbox, to be written anew.

        What was held for the sender's leaving goes on, with the rest of its delay; gives these.
        """
        ...


class HandoverUnit(SalesflowUnit, Protocol):
    """A transaction of one organization, as handing over sees it."""

    @property
    def left_enrollments(self) -> LeftEnrollments: ...


async def hold_all(unit: HandoverUnit, user_id: UserId, at: datetime) -> int:
    """Holds every journey of the user. Says how many run in his name."""
    running = await unit.left_enrollments.lock(user_id)
    for batch in _batches(running):
        held = await unit.left_enrollments.hold(batch, at)
        await unit.activities.append(
            happened(ActivityType.SALESFLOW_PAUSED, one, at, reason=PauseReason.SENDER_LEFT.value) for one in held
        )
    return len(running)


async def give_all(unit: HandoverUnit, user_id: UserId, to: User, at: datetime, pointer: str) -> int:
    """Gives every journey of the user to `to`, who is locked. Says how many. Raises InvalidField, NotConnected."""
    if to.id == user_id or to.state is not UserState.ACTIVE:
        raise InvalidField(pointer, "unknown_user", NOBODY)
    mailbox = await unit.mailboxes.of_user(to.id)
    if mailbox is None or mailbox.state is not MailboxState.CONNECTED:
        raise NotConnected(f"{to.name} has no connected mailbox.", "heir_mailbox", name=to.name)
    running = await unit.left_enrollments.lock(user_id)
    for batch in _batches(running):
        going_on = await unit.left_enrollments.give(batch, to.id, mailbox.id, at)
        await unit.activities.append(happened(ActivityType.SALESFLOW_RESUMED, one, at) for one in going_on)
    return len(running)


def _batches(running: Sequence[EnrollmentId]) -> list[Sequence[EnrollmentId]]:
    """So that no statement runs into the limit, however many there are."""
    return [running[start : start + AT_ONCE] for start in range(0, len(running), AT_ONCE)]
