"""What a Salesflow does about the fate of its emails. Implements domain.emails.ports.Reactions.

Every method runs in the caller's transaction and locks the contact and its enrollments first, in one order everywhere:
so a stop and the last question before sending wait for each other, and whoever commits first wins.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from domain.accounts.model import Sender, email_key
from domain.activities.model import ActivityType
from domain.emails.model import GO, Cancel, EmailState, Go, OutgoingEmail, Postpone, Rewrite, Verdict
from domain.salesflows import journey
from domain.salesflows.exits import ending
from domain.salesflows.model import (
    Enrollment,
    EnrollmentState,
    FinishReason,
    GateFacts,
    PauseReason,
    SalesflowState,
)
from domain.salesflows.ports import SalesflowUnit
from domain.salesflows.stopping import finish, happened
from domain.shared.clock import Clock
from domain.shared.ids import ContactId, EmailId

# An email that is held is released when the hold ends; these are for the case that nobody rings.
HELD_PATIENCE = timedelta(hours=1)
PAUSED_PATIENCE = timedelta(minutes=15)


class SalesflowReactions:
    """Emails without an enrollment are nobody's business here."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def may_send(
        self, unit: SalesflowUnit, emails: Sequence[OutgoingEmail], now: datetime
    ) -> Mapping[EmailId, Verdict]:
        """The last question before emails leave. Ends the enrollments of those that must not."""
        of = {email.enrollment_id: email for email in emails if email.enrollment_id}
        facts = await unit.enrollments.gate_facts(list(of)) if of else []
        suppressed = await unit.suppressions.hits({one.email_key for one in facts if one.email_key}) if facts else set()
        senders = await unit.users.senders({email.user_id for email in of.values()})
        verdicts: dict[EmailId, Verdict] = {email.id: GO for email in emails if not email.enrollment_id}
        for one in facts:
            email = of[one.enrollment.id]
            verdict = verdicts[email.id] = decide(one, one.email_key in suppressed, senders[email.user_id], now)
            if isinstance(verdict, Go) and _misdirected(email, one):
                verdict = verdicts[email.id] = Rewrite()
            if isinstance(verdict, Cancel):
                await self._called_off(unit, email, one.enrollment, FinishReason(verdict.reason), now)
            elif isinstance(verdict, Go) and email.state is EmailState.DRAFTED and lacks_data(one.enrollment):
                await unit.enrollments.save([journey.resumed(one.enrollment, now)])
        return {email.id: verdicts.get(email.id, Cancel(FinishReason.CONTACT_DELETED)) for email in emails}

    async def hold(self, unit: SalesflowUnit, emails: Sequence[OutgoingEmail]) -> None:
        """In the order in which everybody locks: contacts, enrollments, and emails after that."""
        of = [email.enrollment_id for email in emails if email.enrollment_id]
        if of:
            await unit.enrollments.lock(of)

    async def sent(self, unit: SalesflowUnit, email: OutgoingEmail, at: datetime) -> None:
        """The step is done; the next one is planned from this moment, or the journey is completed."""
        enrollment = await self._settled(unit, email, "done", at)
        if enrollment is None:
            return
        step = await unit.enrollments.next_step(enrollment)
        if step is None:
            await finish(unit, [enrollment], FinishReason.COMPLETED, at)
            return
        hours = (await unit.users.senders([enrollment.user_id]))[enrollment.user_id].working_hours
        await unit.enrollments.save([journey.advanced(enrollment, step.delay, hours, at)])

    async def failed(self, unit: SalesflowUnit, email: OutgoingEmail, reason: str) -> None:
        """The step will never be done, so the journey is over."""
        now = self._clock.now()
        enrollment = await self._settled(unit, email, "failed", now)
        if enrollment:
            await finish(unit, [enrollment], FinishReason.FAILED, now)

    async def needs_data(self, unit: SalesflowUnit, email: OutgoingEmail, fields: Sequence[str]) -> None:
        """The journey is held until the contact has what the email lacks."""
        if email.enrollment_id is None:
            return
        now = self._clock.now()
        enrollment = (await unit.enrollments.lock([email.enrollment_id]))[email.enrollment_id]
        held = journey.lacking(enrollment, fields, now)
        await unit.enrollments.release_emails([enrollment.id], now + HELD_PATIENCE)
        await self._held(unit, [enrollment], [held], PauseReason.NEEDS_DATA, now, fields=", ".join(fields))

    async def replied(self, unit: SalesflowUnit, email: OutgoingEmail, at: datetime) -> None:
        """A person answered: every Salesflow that writes to this person is over."""
        await self._ended(unit, email.contact_id, FinishReason.REPLIED, at)

    async def auto_replied(self, unit: SalesflowUnit, email: OutgoingEmail, at: datetime) -> None:
        """A machine answered: nothing changes."""

    async def out_of_office(
        self, unit: SalesflowUnit, email: OutgoingEmail, at: datetime, until: datetime | None
    ) -> None:
        """The person is away: every journey is held until the return, none is over."""
        running = await unit.enrollments.lock_running([email.contact_id])
        senders = await unit.users.senders({enrollment.user_id for enrollment in running})
        held = [journey.away(one, at, until, senders[one.user_id].working_hours) for one in running]
        await self._held(unit, running, held, PauseReason.OUT_OF_OFFICE, at)

    async def left_company(self, unit: SalesflowUnit, email: OutgoingEmail, at: datetime) -> None:
        """The person works elsewhere now, and reads none of it: every journey is over."""
        await self._ended(unit, email.contact_id, FinishReason.LEFT_COMPANY, at)

    async def bounced(self, unit: SalesflowUnit, email: OutgoingEmail, at: datetime, hard: bool) -> None:
        """An address that does not exist ends every journey; a soft bounce changes nothing."""
        if hard:
            await self._ended(unit, email.contact_id, FinishReason.BOUNCED, at)

    async def opted_out(
        self, unit: SalesflowUnit, contact_id: ContactId, at: datetime, email: OutgoingEmail | None
    ) -> None:
        """Nobody writes to this person any more."""
        await self._ended(unit, contact_id, FinishReason.OPTED_OUT, at)

    async def _ended(self, unit: SalesflowUnit, contact_id: ContactId, reason: FinishReason, at: datetime) -> None:
        await finish(unit, await unit.enrollments.lock_running([contact_id]), reason, at)

    async def _settled(self, unit: SalesflowUnit, email: OutgoingEmail, state: str, at: datetime) -> Enrollment | None:
        """Ends the step run of the email; gives its enrollment if that still runs and was at this step."""
        if email.enrollment_id is None or email.step_run_id is None:
            return None
        enrollment = (await unit.enrollments.lock([email.enrollment_id]))[email.enrollment_id]
        first_time = await unit.enrollments.settle_run(email.step_run_id, state, at)
        return enrollment if first_time and enrollment.is_running else None

    async def _called_off(
        self, unit: SalesflowUnit, email: OutgoingEmail, enrollment: Enrollment, reason: FinishReason, now: datetime
    ) -> None:
        """The caller cancels the email itself: it holds it."""
        if email.step_run_id:
            await unit.enrollments.settle_run(email.step_run_id, "cancelled", now)
        if enrollment.is_running:
            await unit.enrollments.save([journey.finished(enrollment, reason, now)])
            ended = happened(ActivityType.SALESFLOW_FINISHED, enrollment, now, reason=reason.value)
            await unit.activities.append([ended])

    async def _held(
        self,
        unit: SalesflowUnit,
        before: Sequence[Enrollment],
        after: Sequence[Enrollment],
        reason: PauseReason,
        at: datetime,
        **detail: str,
    ) -> None:
        changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        await unit.enrollments.save([new for _, new in changed])
        await unit.activities.append(
            happened(
                ActivityType.SALESFLOW_PAUSED,
                new,
                at,
                reason=reason.value,
                until=new.resume_at.isoformat() if new.resume_at else None,
                **detail,
            )
            for old, new in changed
            if old.state is EnrollmentState.ACTIVE
        )


def _misdirected(email: OutgoingEmail, facts: GateFacts) -> bool:
    """Written to an address that the contact had before: nobody asked whether that one may still be written to."""
    return email.to_address is not None and email_key(email.to_address) != facts.email_key


def lacks_data(enrollment: Enrollment) -> bool:
    """Held for missing fields alone: writing the email is tried again, and what could be written may leave."""
    return enrollment.reason == PauseReason.NEEDS_DATA


def decide(facts: GateFacts, suppressed: bool, sender: Sender, now: datetime) -> Verdict:
    """Whether the email of an enrollment may leave now."""
    enrollment = facts.enrollment
    if enrollment.state is EnrollmentState.FINISHED:
        return Cancel(enrollment.reason or FinishReason.MANUAL)
    reason = ending(facts, suppressed)
    if reason:
        return Cancel(reason.value)
    if enrollment.state is EnrollmentState.PAUSED and not lacks_data(enrollment):
        return Postpone(now + HELD_PATIENCE)
    if facts.salesflow_state is not SalesflowState.ACTIVE or facts.organization_paused:
        return Postpone(now + PAUSED_PATIENCE)
    opens = sender.working_hours.next_open(now)
    if opens != now:
        return Postpone(opens or now + journey.NEVER_OPEN_PATIENCE)
    return GO
