"""Hours of a sender change: what is planned in that name comes when it would have been planned to, and once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from adapters.postgres.database import Database
from adapters.postgres.planned_steps import LOCK
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import emails, enrollments, outbox_jobs, step_runs
from domain.accounts.preferences import Away
from domain.accounts.service import HOURS_CHANGED
from domain.accounts.working_hours import WorkingHours
from domain.salesflows import journey, replanning
from domain.salesflows.delays import Delay, DelayUnit
from domain.salesflows.drafting import DraftStep
from domain.salesflows.model import WaitingReason
from domain.salesflows.replanning import Replanning
from domain.shared.ids import ContactId, EnrollmentId, SalesflowId, UserId
from domain.shared.jobs import Job
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import ALWAYS, OFFICE, TUESDAY, Office, a_rested_office, a_step, claimed
from tests.adapters.postgres.test_stop_against_send import somebody_waits, watch

__all__ = ["watch"]

pytestmark = pytest.mark.anyio

THANKSGIVING = date(2026, 11, 26)
ON_LEAVE = replace(OFFICE, away=(Away(date(2026, 11, 24), date(2026, 12, 4)),))
MONDAY_AFTER = datetime(2026, 12, 7, 8, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def office(transactions: Database) -> Office:
    return await a_rested_office(transactions, SuppressionHashes(KEYS.keyed_hash))


async def works(office: Office, hours: WorkingHours, user_id: UserId | None = None) -> None:
    """The sender's hours are these from now on; nothing has followed from it yet."""
    async with office.units.of(office.organization_id) as unit:
        user = await unit.users.locked(user_id or office.sender.id)
        await unit.users.save(replace(user, working_hours=replace(hours, away=()), away=hours.away))


async def replan(office: Office, user_id: UserId | None = None) -> int:
    """What follows from it, job by job. Says how many there were."""
    jobs = [Job(HOURS_CHANGED, office.organization_id, {"user_id": str(user_id or office.sender.id)})]
    service = Replanning(units=office.units, clock=office.clock)
    for done in range(1, 100):
        await service.hours_changed(jobs.pop())
        waiting = await office.rows(select(outbox_jobs).where(outbox_jobs.c.kind == HOURS_CHANGED))
        await office.change(delete(outbox_jobs).where(outbox_jobs.c.kind == HOURS_CHANGED))
        jobs = [Job(row.kind, office.organization_id, row.payload) for row in waiting]
        if not jobs:
            return done
    raise AssertionError("it never ends")


async def waiting(office: Office, step: DraftStep, hours: WorkingHours = ON_LEAVE) -> ContactId:
    """A contact whose first step was planned by these hours."""
    await works(office, hours)
    _, contact_id, _ = await office.started(step)
    return contact_id


IN_A_DAY = a_step(amount=1, unit=DelayUnit.DAYS)


async def test_a_leave_that_is_cancelled_brings_the_step_forward(office: Office) -> None:
    contact_id = await waiting(office, IN_A_DAY)
    assert (await office.enrollment(contact_id)).due_at == MONDAY_AFTER
    await works(office, OFFICE)
    await replan(office)
    after = await office.enrollment(contact_id)
    assert (after.due_at, after.waiting) == (office.clock.now() + DAY, "delay")


async def test_what_was_put_off_while_it_was_due_comes_at_once(office: Office) -> None:
    contact_id = await waiting(office, a_step(), OFFICE)
    await works(office, ON_LEAVE)
    await office.dispatched()
    assert (await office.enrollment(contact_id)).due_at == MONDAY_AFTER
    await works(office, OFFICE)
    await replan(office)
    await office.dispatched()
    assert len(await office.emails(contact_id)) == 1


async def test_a_holiday_that_is_entered_puts_business_days_off(office: Office) -> None:
    contact_id = await waiting(office, a_step(amount=2, unit=DelayUnit.BUSINESS_DAYS), OFFICE)
    await works(office, replace(OFFICE, own={THANKSGIVING: "Thanksgiving"}))
    await replan(office)
    assert (await office.enrollment(contact_id)).due_at == office.clock.now() + 3 * DAY


async def test_a_follow_up_counts_from_the_email_before(office: Office) -> None:
    await works(office, ALWAYS)
    _, contact_id, _ = await office.started(a_step(), a_step("Again", amount=3, unit=DelayUnit.DAYS))
    await office.dispatched()
    office.clock.move(hours=5)
    [email] = await office.emails(contact_id)
    await works(office, ON_LEAVE)
    await office.leaves(email)
    await works(office, ALWAYS)
    left_at = office.clock.now()
    office.clock.move(hours=20)
    await replan(office)
    assert (await office.enrollment(contact_id)).due_at == left_at + 3 * DAY


async def test_planning_anew_by_the_same_hours_changes_nothing(office: Office) -> None:
    contact_id = await waiting(office, IN_A_DAY)
    before = await office.enrollment(contact_id)
    await replan(office)
    assert await office.enrollment(contact_id) == before


async def test_a_colleague_s_journeys_stay_as_they_are(office: Office) -> None:
    contact_id = await waiting(office, IN_A_DAY)
    before = await office.enrollment(contact_id)
    colleague = await office.colleague()
    await works(office, ALWAYS, colleague.user_id)
    await replan(office, colleague.user_id)
    assert await office.enrollment(contact_id) == before


async def test_what_waits_for_a_mailbox_is_left_to_the_dispatcher(office: Office) -> None:
    contact_id = await waiting(office, a_step(), ALWAYS)
    await office.mailbox("needs_reconnect")
    await office.dispatched()
    before = await office.enrollment(contact_id)
    assert before.waiting == WaitingReason.MAILBOX
    await works(office, ON_LEAVE)
    await replan(office)
    assert await office.enrollment(contact_id) == before


async def test_what_was_planned_before_it_was_noted_since_when_stays_as_planned(office: Office) -> None:
    contact_id = await waiting(office, IN_A_DAY)
    await office.change(update(enrollments).values(counted_from=None))
    await works(office, OFFICE)
    await replan(office)
    assert (await office.enrollment(contact_id)).due_at == MONDAY_AFTER


async def test_a_journey_held_in_a_paused_salesflow_comes_by_the_new_hours_when_it_goes_on(office: Office) -> None:
    await works(office, OFFICE)
    flow_id, contact_id, _ = await office.started(a_step())
    await office.salesflows.pause(office.principal, flow_id)
    await office.dispatched()
    await works(office, ON_LEAVE)
    await replan(office)
    held = await office.enrollment(contact_id)
    assert (held.due_at, held.held_due_at) == (None, MONDAY_AFTER)
    await works(office, OFFICE)
    await replan(office)
    await office.salesflows.activate(office.principal, flow_id)
    assert (await office.enrollment(contact_id)).due_at == office.clock.now()


# Many.


async def test_however_many_there_are_all_come_in_batches(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replanning, "AT_ONCE", 3)
    await works(office, ON_LEAVE)
    flow, people = await office.flow(IN_A_DAY), await office.people(10)
    await office.enroll(flow, *people)
    await works(office, OFFICE)
    assert await replan(office) == 4
    due = {(await office.enrollment(contact_id)).due_at for contact_id in people}
    assert due == {office.clock.now() + DAY}


async def test_a_batch_is_found_by_its_index(office: Office, servers: Any, database: Any) -> None:
    """Whatever else there is in the organization."""
    await waiting(office, IN_A_DAY)
    servers.sql(f"{CROWD.format(organization=office.organization_id)}; analyze enrollments, contacts;", database.name)
    async with office.database.application(office.organization_id) as transaction:
        await transaction.driver.execute("set local plan_cache_mode = force_generic_plan")
        await transaction.driver.execute(f"prepare explained as {LOCK.sql}")
        rows = await transaction.driver.fetch("explain execute explained (null, null, 1000)")
        await transaction.driver.execute("deallocate explained")
    servers.sql("delete from enrollments where state = 'finished' and started_by = user_id", database.name)
    assert "enrollments_running_by_user" in "\n".join(row[0] for row in rows)


# 20,000 who are through.
CROWD = """
with crowd as (
  insert into contacts (organization_id, id, last_name, name_key, status_id, last_activity_at, created_at, updated_at)
  select organization_id, gen_random_uuid(), 'Crowd', 'crowd', status_id, created_at, created_at, created_at
  from contacts, generate_series(1, 20000) where organization_id = '{organization}'
  returning organization_id, id
)
insert into enrollments (organization_id, id, salesflow_id, revision, contact_id, user_id, started_by, state,
  started_at)
select crowd.organization_id, gen_random_uuid(), salesflow_id, revision, crowd.id, user_id, user_id, 'finished',
  started_at
from crowd join enrollments on enrollments.organization_id = crowd.organization_id
"""


# Beside workers.


async def test_what_a_dispatcher_has_taken_is_not_planned_again(office: Office, watch: Any) -> None:
    contact_id = await waiting(office, a_step(), ALWAYS)
    now = office.clock.now()
    async with asyncio.timeout(20), office.units.system() as unit:
        batch = await claimed(unit, now)
        await works(office, ON_LEAVE)
        replanned = asyncio.ensure_future(replan(office))
        await somebody_waits(watch)
        await unit.dispatch.record(batch(), now)
    await replanned
    after = await office.enrollment(contact_id)
    assert (after.due_at, len(await office.emails(contact_id))) == (None, 1)
    await office.dispatched()
    assert len(await office.emails(contact_id)) == 1


async def test_an_email_that_the_gate_put_off_is_looked_at_by_the_new_hours(office: Office) -> None:
    contact_id = await waiting(office, a_step(), ALWAYS)
    await office.dispatched()
    [email] = await office.emails(contact_id)
    await office.change(update(emails).values(due_at=MONDAY_AFTER, mime=b"written"))
    await works(office, OFFICE)
    await replan(office)
    [row] = await office.rows(select(emails))
    assert (row.due_at, row.mime, row.state) == (office.clock.now(), b"written", email.state)


async def test_an_email_that_is_with_the_provider_is_left_alone(office: Office) -> None:
    await waiting(office, a_step(), ALWAYS)
    await office.dispatched()
    await office.change(update(emails).values(state="sending", due_at=MONDAY_AFTER))
    await works(office, OFFICE)
    await replan(office)
    [row] = await office.rows(select(emails))
    assert (row.state, row.due_at) == ("sending", MONDAY_AFTER)


async def test_dispatchers_and_changes_of_hours_meet_and_every_step_is_executed_once(office: Office) -> None:
    await works(office, OFFICE)
    flow, people = await office.flow(a_step()), await office.people(60)
    await office.enroll(flow, *people)
    for hours in (ON_LEAVE, OFFICE, ALWAYS, ON_LEAVE, OFFICE):
        await works(office, hours)
        await asyncio.gather(office.dispatch.dispatch_due(), replan(office), office.dispatch.dispatch_due())
    await replan(office)
    await office.dispatched()
    written = [email.contact_id for email in await office.emails()]
    assert sorted(written) == sorted(people)
    assert len(await office.rows(select(step_runs))) == len(people)


# Whatever happened before.

CALENDARS = [
    ALWAYS,
    OFFICE,
    ON_LEAVE,
    replace(OFFICE, own={date(2026, 11, 25): "Off", THANKSGIVING: "Off"}),
    replace(OFFICE, time_zone="Pacific/Auckland"),
    replace(ALWAYS, time_zone="America/New_York", away=(Away(date(2026, 11, 25), date(2026, 11, 29)),)),
]
hours_of_senders = st.sampled_from(CALENDARS)
delays = st.builds(
    Delay, st.integers(0, 9), st.sampled_from([DelayUnit.HOURS, DelayUnit.DAYS, DelayUnit.BUSINESS_DAYS])
)
ACTS = {
    "P": "held",
    "R": "let go",
    "A": "out of office",
    "W": "back",
    "p": "flow held",
    "r": "flow on",
    "d": "dispatch",
}
acts = st.lists(st.tuples(st.sampled_from([*ACTS, "h"]), st.integers(1, 40), hours_of_senders), max_size=8)


class Life:
    """A contact's first step, and how long it was held, whoever held it."""

    def __init__(self, office: Office, of: tuple[SalesflowId, ContactId, EnrollmentId]) -> None:
        self.office = office
        self.flow_id, self.contact_id, self.enrollment_id = of
        self.began = office.clock.now()
        self.held = timedelta(0)
        self.flow_paused = False

    async def goes_on(self, events: Sequence[tuple[str, int, WorkingHours]]) -> None:
        for act, hours, calendar in events:
            await self.passes(hours)
            await self.does(act, calendar)
        for act in "Rr":
            await self.does(act, ALWAYS)

    async def passes(self, hours: int) -> None:
        state = (await self.office.enrollment(self.contact_id)).state
        self.office.clock.move(hours=hours)
        if state == "paused" or self.flow_paused:
            self.held += timedelta(hours=hours)

    async def does(self, act: str, calendar: WorkingHours) -> None:
        who, flows, journeys = self.office.principal, self.office.salesflows, self.office.journeys
        match act:
            case "P":
                await journeys.pause(who, self.flow_id, self.enrollment_id)
            case "R":
                await journeys.resume(who, self.flow_id, self.enrollment_id)
            case "A":
                await self.is_away()
            case "W":
                await self.office.dispatch.resume_due()
            case "p":
                await flows.pause(who, self.flow_id)
                self.flow_paused = True
            case "r":
                await flows.activate(who, self.flow_id)
                self.flow_paused = False
            case "d":
                await self.office.dispatched()
            case "h":
                await works(self.office, calendar)
                await replan(self.office)

    async def is_away(self) -> None:
        now = self.office.clock.now()
        async with self.office.units.of(self.office.organization_id) as unit:
            found = (await unit.enrollments.lock([self.enrollment_id]))[self.enrollment_id]
            await unit.enrollments.save([journey.away(found, now, now + timedelta(hours=30), ALWAYS)])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(delay=delays, first=hours_of_senders, last=hours_of_senders, events=acts)
@example(Delay(9, DelayUnit.DAYS), ALWAYS, OFFICE, [("A", 1, ALWAYS), ("W", 35, ALWAYS)])
@example(Delay(9, DelayUnit.DAYS), ALWAYS, OFFICE, [("p", 1, ALWAYS), ("P", 9, ALWAYS), ("r", 9, ALWAYS)])
async def test_after_any_life_a_step_comes_when_it_would_have_been_planned_to(
    office: Office, delay: Delay, first: WorkingHours, last: WorkingHours, events: list[tuple[str, int, WorkingHours]]
) -> None:
    office.clock.instant = TUESDAY
    await works(office, first)
    flow, contact_id = await office.flow(a_step(amount=delay.amount, unit=delay.unit)), await office.person()
    await office.enroll(flow, contact_id)
    flow_id, enrollment_id = flow.summary.salesflow.id, (await office.enrollment(contact_id)).id
    life = Life(office, (flow_id, contact_id, EnrollmentId(enrollment_id)))
    await life.goes_on(events)
    await works(office, last)
    await replan(office)

    enrollment = await office.enrollment(contact_id)
    if enrollment.due_at is not None:
        assert (enrollment.due_at, enrollment.waiting) == journey.planned(life.began + life.held, delay, last)
        assert last.is_open(enrollment.due_at)
    office.clock.move(days=40)
    for _ in range(9):
        await office.dispatched()
        await replan(office)
        office.clock.move(hours=13)
    assert len(await office.emails(contact_id)) == 1
