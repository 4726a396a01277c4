"""Pauses of a Salesflow and of its enrollments, one inside the other: time that was held is given back once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from adapters.ids import RandomIds
from adapters.postgres import salesflows as store
from adapters.postgres.database import Database
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import enrollments
from domain.salesflows.delays import DelayUnit
from domain.salesflows.dispatch import decided, openings
from domain.shared.ids import ContactId, EnrollmentId, SalesflowId
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import Office, a_rested_office, a_step

pytestmark = pytest.mark.anyio

LEFT = timedelta(days=3)


@pytest.fixture
async def office(transactions: Database) -> Office:
    return await a_rested_office(transactions, SuppressionHashes(KEYS.keyed_hash))


class Journey:
    """A contact who waits three days more; pauses and resumptions follow each other a day apart."""

    def __init__(self, office: Office, of: tuple[SalesflowId, ContactId, EnrollmentId]) -> None:
        self.office = office
        self.flow_id, self.contact_id, self.enrollment_id = of

    async def does(self, acts: str) -> None:
        """P and R hold the enrollment and let it go on, p and r the Salesflow, d dispatches; a day after each."""
        who, flows, journeys = self.office.principal, self.office.salesflows, self.office.journeys
        for number, act in enumerate(acts):
            if number:
                self.office.clock.move(days=1)
            match act:
                case "P":
                    await journeys.pause(who, self.flow_id, self.enrollment_id)
                case "R":
                    await journeys.resume(who, self.flow_id, self.enrollment_id)
                case "p":
                    await flows.pause(who, self.flow_id)
                case "r":
                    await flows.activate(who, self.flow_id)
                case "d":
                    await self.office.dispatched()

    async def left(self) -> timedelta:
        due_at: datetime = (await self.office.enrollment(self.contact_id)).due_at
        return due_at - self.office.clock.now()


@pytest.fixture
async def journey(office: Office) -> Journey:
    return Journey(office, await office.started(a_step(amount=3, unit=DelayUnit.DAYS)))


@pytest.mark.parametrize(
    "acts",
    ["PprR", "PpRr", "pPrR", "pPRr", "pPdRdr", "PpdRdr", "PpddrR", "pPRPRr", "PprprR", "PprpRr", "pPRPrR", "pPddddrR"],
)
async def test_time_that_was_held_twice_is_given_back_once(journey: Journey, acts: str) -> None:
    await journey.does(acts)
    assert await journey.left() == LEFT


async def test_time_between_two_pauses_counts_as_delay(journey: Journey) -> None:
    await journey.does("PRpr")
    assert await journey.left() == LEFT - timedelta(days=1)


async def away(office: Office, journey: Journey, days: int) -> None:
    """The contact is out of office from now on."""
    now = office.clock.now()
    held = {"state": "paused", "reason": "out_of_office", "paused_at": now, "resume_at": now + timedelta(days=days)}
    await office.change(update(enrollments).where(enrollments.c.id == journey.enrollment_id).values(**held))


@pytest.mark.parametrize("salesflow_first", [True, False])
async def test_an_absence_that_ends_while_the_salesflow_is_paused_is_given_back_once(
    office: Office, journey: Journey, salesflow_first: bool
) -> None:
    if salesflow_first:
        await journey.does("p")
        await away(office, journey, 2)
    else:
        await away(office, journey, 2)
        await journey.does("p")
    office.clock.move(days=4)
    assert await office.dispatch.resume_due() == 1
    office.clock.move(days=4)
    await journey.does("r")
    assert await journey.left() == LEFT


async def test_a_step_planned_while_the_salesflow_is_paused_keeps_its_whole_delay_and_no_more(office: Office) -> None:
    of = await office.started(a_step(), a_step("Two", amount=1, unit=DelayUnit.DAYS))
    journey = Journey(office, of)
    await office.dispatched()
    [email] = await office.emails(journey.contact_id)
    await journey.does("p")
    office.clock.move(days=1)
    await office.leaves(email)
    office.clock.move(days=2)
    await journey.does("r")
    assert await journey.left() == timedelta(days=1)


async def test_everybody_goes_on_however_many_batches_it_takes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "RESUMED_AT_ONCE", 2)
    flow = await office.flow(a_step(amount=3, unit=DelayUnit.DAYS))
    contacts = await office.people(5)
    await office.enroll(flow, *contacts)
    flow_id = flow.summary.salesflow.id
    await office.salesflows.pause(office.principal, flow_id)
    office.clock.move(days=4)
    await office.salesflows.activate(office.principal, flow_id)
    left = {(await office.enrollment(contact_id)).due_at - office.clock.now() for contact_id in contacts}
    assert left == {LEFT}


async def test_a_batch_bounds_every_statement_of_going_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "RESUMED_AT_ONCE", 2)
    changed: list[int] = []
    resume = store.PostgresSalesflows._resume

    async def noting(self: Any, enrollment_ids: Any, *when: Any) -> None:
        changed.append(len(enrollment_ids))
        await resume(self, enrollment_ids, *when)

    monkeypatch.setattr(store.PostgresSalesflows, "_resume", noting)
    flow = await office.flow(a_step(amount=3, unit=DelayUnit.DAYS))
    await office.enroll(flow, *await office.people(5))
    await office.salesflows.pause(office.principal, flow.summary.salesflow.id)
    await office.salesflows.activate(office.principal, flow.summary.salesflow.id)
    assert changed == [2, 2, 1]


async def test_who_was_held_on_old_knowledge_stays_due_when_the_salesflow_is_active_by_then(office: Office) -> None:
    _, contact_id, _ = await office.started()
    now = office.clock.now()
    async with office.units.system() as unit:
        # As the claim reads it when the Salesflow is activated between its snapshot and the lock of the row.
        due = [row._replace(salesflow_state="paused") for row in await unit.dispatch.claim(now)]
        may_leave = openings(await unit.dispatch.senders({row.sender_key for row in due}), now)
        steps = await unit.dispatch.steps({row.step_key for row in due})
        await unit.dispatch.record(decided(due, may_leave, steps, set(), RandomIds(), now), now)
    assert await office.dispatched() == 1
    assert len(await office.emails(contact_id)) == 1
