"""What becomes of journeys when two records of a person become one, and when they part again.

Implements domain.contacts.merging.Journeys, domain.contacts.erasing.Endings and domain.contacts.consent.Stops. Nothing
is sent twice: of two journeys through one Salesflow the one that is further goes on, and whoever is taken up again goes
on behind what has left meanwhile.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from domain.salesflows import journey
from domain.salesflows.model import Enrollment, EnrollmentState, FinishReason, WaitingReason
from domain.salesflows.ports import SalesflowUnit
from domain.salesflows.stopping import finish
from domain.shared.ids import ContactId, EnrollmentId, SalesflowId

Document = Mapping[str, Any]
TIMES = ("due_at", "held_due_at", "paused_at", "resume_at", "counted_from")


class StepFate(StrEnum):
    """What has become of the current step of a journey."""

    NOT_BEGUN = "not_begun"
    CALLED_OFF = "called_off"
    LEAVING = "leaving"
    DONE = "done"
    FAILED = "failed"


class CurrentSteps(Protocol):
    """The current steps of journeys."""

    async def leaving(self, enrollment_ids: Collection[EnrollmentId]) -> set[EnrollmentId]:
        """Those with an email that the provider may have sent already."""
        ...

    async def fate(self, enrollment_id: EnrollmentId, position: int) -> StepFate: ...

    async def forget(self, enrollment_id: EnrollmentId, position: int) -> None:
        """A step that was called off before anything left can be executed again."""
        ...


class JoiningUnit(SalesflowUnit, Protocol):
    """A transaction of one organization, as joining sees it."""

    @property
    def current_steps(self) -> CurrentSteps: ...


class Joining:
    """Stateless: everything happens in the caller's transaction."""

    async def hold(self, unit: JoiningUnit, contact_ids: Sequence[ContactId]) -> None:
        """Contacts in the order of their ids, enrollments after them, as everybody locks."""
        await unit.enrollments.lock_running(contact_ids)

    async def joined(
        self, unit: JoiningUnit, kept_id: ContactId, merged_id: ContactId, at: datetime
    ) -> Sequence[Document]:
        """Ends the journey that is behind, of two through one Salesflow. Gives those, as they were."""
        running = await unit.enrollments.lock_running([kept_id, merged_id])
        behind = left_behind(running, kept_id, await unit.current_steps.leaving([one.id for one in running]))
        await finish(unit, behind, FinishReason.MERGED, at)
        return [_document(one) for one in behind]

    async def opted_out(self, unit: JoiningUnit, contact_id: ContactId, at: datetime, email: None) -> None:
        """Nobody writes to this person any more."""
        await finish(unit, await unit.enrollments.lock_running([contact_id]), FinishReason.OPTED_OUT, at)

    async def erased(self, unit: JoiningUnit, contact_ids: Sequence[ContactId], at: datetime) -> None:
        """Nobody is there any more to write to."""
        await finish(unit, await unit.enrollments.lock_running(contact_ids), FinishReason.CONTACT_DELETED, at)

    async def parted(self, unit: JoiningUnit, halted: Sequence[Document], at: datetime) -> None:
        """Goes on where each was, unless the contact was added to the Salesflow again since."""
        formers = {EnrollmentId(UUID(one["id"])): one for one in halted}
        for enrollment in (await unit.enrollments.lock(formers)).values():
            running = await unit.enrollments.running_of([enrollment.contact_id], enrollment.salesflow_id)
            taken = running.get(enrollment.contact_id, (None, ""))[0] == enrollment.salesflow_id
            if enrollment.reason == FinishReason.MERGED and not taken:
                await self._take_up(unit, _former(enrollment, formers[enrollment.id]), at)

    async def _take_up(self, unit: JoiningUnit, former: Enrollment, at: datetime) -> None:
        match await unit.current_steps.fate(former.id, former.position):
            case StepFate.NOT_BEGUN:
                await unit.enrollments.save([replace(former, due_at=former.due_at or at)])
            case StepFate.CALLED_OFF:
                await unit.current_steps.forget(former.id, former.position)
                await unit.enrollments.save([replace(former, due_at=at, waiting=WaitingReason.DELAY)])
            case StepFate.LEAVING:
                await unit.enrollments.save([replace(former, due_at=None, waiting=None)])
            case StepFate.DONE:
                await self._go_on(unit, former, at)
            case StepFate.FAILED:
                return

    async def _go_on(self, unit: JoiningUnit, former: Enrollment, at: datetime) -> None:
        """The step was done meanwhile, so the next one comes."""
        step = await unit.enrollments.next_step(former)
        if step is None:
            await unit.enrollments.save([former])
            await finish(unit, [former], FinishReason.COMPLETED, at)
            return
        hours = (await unit.users.senders([former.user_id]))[former.user_id].working_hours
        await unit.enrollments.save([journey.advanced(former, step.delay, hours, at)])


def left_behind(
    running: Sequence[Enrollment], kept_id: ContactId, leaving: Collection[EnrollmentId]
) -> list[Enrollment]:
    """Of several through one Salesflow all but the one that is furthest; among equals one whose email is leaving, then
    the kept contact's."""
    furthest: dict[SalesflowId, Enrollment] = {}
    for one in sorted(running, key=lambda one: (one.position, one.id in leaving, one.contact_id == kept_id)):
        furthest[one.salesflow_id] = one
    return [one for one in running if furthest[one.salesflow_id] is not one]


def _document(enrollment: Enrollment) -> Document:
    times = {name: getattr(enrollment, name) for name in TIMES}
    return {
        "id": str(enrollment.id),
        "state": enrollment.state.value,
        "reason": enrollment.reason,
        "waiting": enrollment.waiting.value if enrollment.waiting else None,
        "missing_fields": list(enrollment.missing_fields),
        **{name: at.isoformat() if at else None for name, at in times.items()},
    }


def _former(enrollment: Enrollment, document: Document) -> Enrollment:
    """As it was before it ended."""
    times = {name: datetime.fromisoformat(document[name]) if document[name] else None for name in TIMES}
    return replace(
        enrollment,
        state=EnrollmentState(document["state"]),
        reason=document["reason"],
        waiting=WaitingReason(document["waiting"]) if document["waiting"] else None,
        missing_fields=tuple(document["missing_fields"]),
        finished_at=None,
        **times,  # type: ignore[arg-type]
    )
