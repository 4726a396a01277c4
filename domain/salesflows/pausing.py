"""Single enrollments as people see and steer them: why they wait; hold, go on, stop; what follows from elsewhere."""

from collections.abc import Sequence
from dataclasses import replace

from domain.accounts.model import UserState
from domain.activities.model import ActivityType
from domain.salesflows import journey
from domain.salesflows.model import Enrollment, EnrollmentEntry, EnrollmentState, FinishReason, Salesflow
from domain.salesflows.next_steps import NextStep, next_steps
from domain.salesflows.ports import SalesflowUnit
from domain.salesflows.service import viewer_of
from domain.salesflows.stopping import finish, happened
from domain.salesflows.waiting import explained
from domain.shared.clock import Clock
from domain.shared.errors import Forbidden, NotAllowedInState, NotFound
from domain.shared.ids import ContactId, EnrollmentId, OrganizationId, SalesflowId
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal
from domain.shared.units import Units


class Journeys:
    """Contributors steer the enrollments that were started by or for them, owners those of their Salesflow."""

    def __init__(self, *, units: Units[SalesflowUnit], clock: Clock) -> None:
        self._units = units
        self._clock = clock

    async def page(
        self,
        principal: Principal,
        salesflow_id: SalesflowId,
        state: EnrollmentState | None,
        page: PageRequest,
        *,
        needs_human: bool = False,
    ) -> Page[EnrollmentEntry]:
        """Of one Salesflow, newest first; if asked, those alone whose email needs a human.

        Raises NotFound, InvalidCursor.
        """
        async with self._units.of(principal.organization_id) as unit:
            salesflow = await unit.salesflows.get(salesflow_id, viewer_of(principal))
            viewer = None if salesflow.owner_id == principal.user_id else viewer_of(principal)
            found = await unit.enrollments.page(salesflow_id, state, page, viewer, needs_human=needs_human)
            return replace(found, items=await self._explained(unit, found.items))

    async def of_contact(self, principal: Principal, contact_id: ContactId) -> Sequence[EnrollmentEntry]:
        """Of one contact, newest first; a Salesflow that the principal may not see has no name. Raises NotFound."""
        async with self._units.of(principal.organization_id) as unit:
            await unit.contacts.get(contact_id)
            return await self._explained(unit, await unit.enrollments.of_contact(contact_id, viewer_of(principal)))

    async def next_steps(self, principal: Principal, contact_id: ContactId) -> Sequence[NextStep]:
        """What comes next for a contact, and when. Raises NotFound."""
        return next_steps(await self.of_contact(principal, contact_id))

    async def pause(
        self, principal: Principal, salesflow_id: SalesflowId, enrollment_id: EnrollmentId
    ) -> EnrollmentEntry:
        """Holds it until somebody lets it go on. May be repeated. Raises NotFound, Forbidden, NotAllowedInState."""
        now = self._clock.now()
        async with self._units.of(principal.organization_id) as unit:
            _, before = await self._steered(unit, principal, salesflow_id, enrollment_id)
            await self._changed(unit, before, journey.paused(before, now), ActivityType.SALESFLOW_PAUSED)
            return await self._entry(unit, enrollment_id)

    async def resume(
        self, principal: Principal, salesflow_id: SalesflowId, enrollment_id: EnrollmentId
    ) -> EnrollmentEntry:
        """Lets it go on with the rest of its delay. May be repeated. Raises NotFound, Forbidden, NotAllowedInState."""
        now = self._clock.now()
        async with self._units.of(principal.organization_id) as unit:
            salesflow, before = await self._steered(unit, principal, salesflow_id, enrollment_id)
            await _require_sender(unit, before)
            after = journey.resumed(before, now, salesflow.paused_at)
            await self._changed(unit, before, after, ActivityType.SALESFLOW_RESUMED)
            await unit.enrollments.release_emails([enrollment_id], now)
            return await self._entry(unit, enrollment_id)

    async def stop(
        self, principal: Principal, salesflow_id: SalesflowId, enrollment_id: EnrollmentId
    ) -> EnrollmentEntry:
        """Ends it for good. May be repeated. Raises NotFound, Forbidden."""
        async with self._units.of(principal.organization_id) as unit:
            _, before = await self._steered(unit, principal, salesflow_id, enrollment_id)
            await finish(unit, [before], FinishReason.MANUAL, self._clock.now())
            return await self._entry(unit, enrollment_id)

    async def contacts_deleted(self, organization_id: OrganizationId, contact_ids: Sequence[ContactId]) -> None:
        """Ends every journey of those contacts that are gone, and were not brought back. A job; may be repeated."""
        async with self._units.of(organization_id) as unit:
            running = await unit.enrollments.lock_running(contact_ids)
            there = await unit.contacts.many(one.contact_id for one in running)
            over = [one for one in running if one.contact_id not in there]
            await finish(unit, over, FinishReason.CONTACT_DELETED, self._clock.now())

    async def contact_changed(self, organization_id: OrganizationId, contact_id: ContactId) -> None:
        """Tries again to write the emails for which fields of the contact were missing. A job; may be repeated."""
        async with self._units.of(organization_id) as unit:
            await unit.enrollments.release_emails(await unit.enrollments.lacking_data(contact_id), self._clock.now())

    async def _steered(
        self, unit: SalesflowUnit, principal: Principal, salesflow_id: SalesflowId, enrollment_id: EnrollmentId
    ) -> tuple[Salesflow, Enrollment]:
        """The Salesflow, held as it is, and the enrollment, locked. Raises NotFound, Forbidden."""
        salesflow = await unit.salesflows.hold(salesflow_id, viewer_of(principal))
        enrollment = (await unit.enrollments.lock([enrollment_id])).get(enrollment_id)
        if enrollment is None or enrollment.salesflow_id != salesflow_id:
            raise NotFound("enrollment")
        steerers = (salesflow.owner_id, enrollment.user_id, enrollment.started_by)
        if not principal.is_administrator and principal.user_id not in steerers:
            raise Forbidden(
                "Only the people of this enrollment and Administrators can change it.", "enrollment_not_own"
            )
        return salesflow, enrollment

    async def _changed(
        self, unit: SalesflowUnit, before: Enrollment, after: Enrollment, activity: ActivityType
    ) -> None:
        if after != before:
            await unit.enrollments.save([after])
            told = happened(activity, after, self._clock.now(), reason=after.reason)
            await unit.activities.append([told])

    async def _entry(self, unit: SalesflowUnit, enrollment_id: EnrollmentId) -> EnrollmentEntry:
        (entry,) = await self._explained(unit, [await unit.enrollments.entry(enrollment_id)])
        return entry

    async def _explained(self, unit: SalesflowUnit, entries: Sequence[EnrollmentEntry]) -> list[EnrollmentEntry]:
        senders = await unit.users.senders({entry.enrollment.user_id for entry in entries})
        now = self._clock.now()
        return [
            replace(entry, waiting=explained(entry, senders[entry.enrollment.user_id].working_hours, now))
            for entry in entries
        ]


async def _require_sender(unit: SalesflowUnit, enrollment: Enrollment) -> None:
    """Raises NotAllowedInState when nobody is there in whose name it could go on."""
    sender = await unit.users.get(enrollment.user_id)
    if enrollment.is_running and sender.state is UserState.DELETED:
        message = f"{sender.name} has left. Hand over what was begun in this name first."
        raise NotAllowedInState(message, "sender_left", name=sender.name)
