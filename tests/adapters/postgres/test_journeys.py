"""Single enrollments: listed with why they wait, held, resumed, stopped."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from adapters.postgres.database import Database
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import activities, emails, salesflows
from domain.salesflows.model import EnrollmentState, FinishReason
from domain.shared.errors import Forbidden, NotAllowedInState, NotFound
from domain.shared.ids import SalesflowId
from domain.shared.paging import PageRequest
from domain.shared.principal import Role
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import Office, a_rested_office, a_step, under_way

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(transactions: Database) -> Office:
    return await a_rested_office(transactions, SuppressionHashes(KEYS.keyed_hash))


async def test_a_pause_by_hand_keeps_the_rest_of_the_delay(office: Office) -> None:
    flow_id, contact_id, enrollment_id = await office.started(a_step(amount=60))
    office.clock.move(minutes=20)
    await office.journeys.pause(office.principal, flow_id, enrollment_id)
    office.clock.move(days=1)
    entry = await office.journeys.resume(office.principal, flow_id, enrollment_id)
    assert entry.enrollment.due_at == office.clock.now() + timedelta(minutes=40)
    assert (await office.enrollment(contact_id)).state == "active"


async def test_what_is_over_can_neither_be_paused_nor_resumed(office: Office) -> None:
    flow_id, _, enrollment_id = await office.started()
    await office.journeys.stop(office.principal, flow_id, enrollment_id)
    for change in (office.journeys.pause, office.journeys.resume):
        with pytest.raises(NotAllowedInState):
            await change(office.principal, flow_id, enrollment_id)


async def test_stopping_twice_is_stopping_once(office: Office) -> None:
    flow_id, _, enrollment_id = await office.started()
    await office.journeys.stop(office.principal, flow_id, enrollment_id)
    entry = await office.journeys.stop(office.principal, flow_id, enrollment_id)
    finished = await office.rows(select(activities).where(activities.c.type == "salesflow_finished"))
    assert (entry.enrollment.reason, len(finished)) == (FinishReason.MANUAL, 1)


async def test_an_enrollment_is_found_in_its_own_salesflow_alone(office: Office) -> None:
    _, _, enrollment_id = await office.started()
    other = await office.flow()
    with pytest.raises(NotFound):
        await office.journeys.stop(office.principal, other.summary.salesflow.id, enrollment_id)


async def test_a_contributor_steers_only_what_concerns_him(office: Office) -> None:
    flow_id, _, enrollment_id = await office.started()
    await office.change(update(salesflows).values(shared=True))
    other = await office.colleague()
    with pytest.raises(Forbidden):
        await office.journeys.stop(other, flow_id, enrollment_id)
    assert (await office.journeys.page(other, flow_id, None, PageRequest())).items == []


async def test_enrollments_are_read_page_by_page_and_by_state(office: Office) -> None:
    flow = await office.flow()
    await office.enroll(flow, *await office.people(5))
    flow_id = flow.summary.salesflow.id
    first = await office.journeys.page(office.principal, flow_id, EnrollmentState.ACTIVE, PageRequest(limit=3))
    second = await office.journeys.page(
        office.principal, flow_id, EnrollmentState.ACTIVE, PageRequest(limit=3, cursor=first.next_cursor)
    )
    assert len({entry.enrollment.id for entry in (*first.items, *second.items)}) == 5
    finished = await office.journeys.page(office.principal, flow_id, EnrollmentState.FINISHED, PageRequest())
    assert finished.items == []


async def waiting(office: Office, flow_id: SalesflowId) -> Any:
    [entry] = (await office.journeys.page(office.principal, flow_id, None, PageRequest())).items
    return entry.waiting


async def test_why_it_waits_is_told_at_every_stage(office: Office) -> None:
    flow_id, _, enrollment_id = await office.started(a_step(amount=30), a_step("Two", amount=1))
    told = [(await waiting(office, flow_id)).reason]
    office.clock.move(minutes=30)
    told.append((await waiting(office, flow_id)).reason)
    await office.dispatched()
    told.append((await waiting(office, flow_id)).reason)
    await office.mailbox("needs_reconnect")
    told.append((await waiting(office, flow_id)).reason)
    await office.mailbox("connected")
    await office.change(update(emails).values(due_at=office.clock.now() + timedelta(hours=1)))
    told.append((await waiting(office, flow_id)).reason)
    await office.salesflows.pause(office.principal, flow_id)
    told.append((await waiting(office, flow_id)).reason)
    await office.journeys.pause(office.principal, flow_id, enrollment_id)
    told.append((await waiting(office, flow_id)).reason)
    await office.journeys.stop(office.principal, flow_id, enrollment_id)
    assert told == ["delay", "sending", "sending", "mailbox", "mailbox_limit", "salesflow_paused", "manual"]
    assert await waiting(office, flow_id) is None


async def test_an_email_that_needs_a_human_is_named_wherever_its_journey_stands(office: Office) -> None:
    flow_id, _, enrollment_id = await office.started()
    await office.dispatched()
    await office.change(update(emails).values(state="needs_human"))
    [email] = await office.emails()
    told = [await waiting(office, flow_id)]
    await office.salesflows.pause(office.principal, flow_id)
    told.append(await waiting(office, flow_id))
    await office.journeys.stop(office.principal, flow_id, enrollment_id)
    [over] = (await office.journeys.page(office.principal, flow_id, None, PageRequest())).items
    assert [one.reason for one in told] == ["needs_human", "needs_human"]
    assert (over.waiting, over.email_to_settle) == (None, email.id)


async def test_journeys_whose_email_needs_a_human_are_counted_and_found(office: Office) -> None:
    flow = await office.flow()
    flow_id, uncertain = flow.summary.salesflow.id, await office.person()
    await office.enroll(flow, uncertain, *await office.people(2))
    await office.dispatched()
    await office.change(update(emails).where(emails.c.contact_id == uncertain).values(state="needs_human"))
    found = await office.journeys.page(office.principal, flow_id, None, PageRequest(), needs_human=True)
    counts = (await office.salesflows.get(office.principal, flow_id)).summary.counts
    assert [entry.enrollment.contact_id for entry in found.items] == [uncertain]
    assert (counts.enrolled, counts.needs_human) == (3, 1)


async def test_a_contacts_salesflows_are_listed_with_their_names(office: Office) -> None:
    flow_id, contact_id, _ = await office.started()
    [entry] = await office.journeys.of_contact(office.principal, contact_id)
    assert (entry.enrollment.salesflow_id, entry.salesflow_name, entry.steps_count) == (flow_id, "A Salesflow", 2)


async def test_others_private_salesflows_are_listed_without_their_names(office: Office) -> None:
    _, contact_id, _ = await office.started()
    boss, colleague = await office.colleague(Role.ADMINISTRATOR), await office.colleague()
    shown = [(await office.journeys.of_contact(who, contact_id))[0].salesflow_name for who in (boss, colleague)]
    await office.change(update(salesflows).values(shared=True))
    [entry] = await office.journeys.of_contact(colleague, contact_id)
    assert [*shown, entry.salesflow_name] == ["A Salesflow", None, "A Salesflow"]


async def test_statistics_count_by_step_and_variant(office: Office) -> None:
    _, email = await under_way(office)
    await office.change(update(emails).values(replied_at=office.clock.now(), first_opened_at=office.clock.now()))
    flow_id = SalesflowId(email.salesflow_id)
    stats = await office.salesflows.stats(office.principal, flow_id)
    assert (stats.enrollments.enrolled, stats.emails.sent, stats.emails.replied, stats.emails.opened) == (1, 1, 1, 1)
    assert [(step.position, step.emails.sent) for step in stats.steps] == [(1, 1), (2, 0)]
    assert stats.steps[0].variants[0].emails.sent == 1
