"""Who gets into a Salesflow and who is left out, over a real PostgreSQL."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from adapters.postgres.database import Database
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import activities, contacts, enrollments
from domain.contacts.model import ContactFilter
from domain.salesflows.enrolling import Wish
from domain.salesflows.model import WaitingReason
from domain.shared.errors import Forbidden, InvalidField, NotAllowedInState
from domain.shared.ids import ContactId
from domain.shared.paging import PageRequest
from domain.shared.principal import Role
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import Office, a_rested_office, a_step, an_office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(transactions: Database) -> Office:
    return await a_rested_office(transactions, SuppressionHashes(KEYS.keyed_hash))


async def reasons(office: Office, flow: Any, *contacts: ContactId, **more: Any) -> list[tuple[str, str | None]]:
    came = await office.enroll(flow, *contacts, **more)
    return [(one.reason.value, one.detail) for one in came.left_out]


async def test_who_is_in_already_is_left_out(office: Office) -> None:
    flow, contact_id = await office.flow(), await office.person()
    await office.enroll(flow, contact_id)
    assert await reasons(office, flow, contact_id) == [("already_enrolled", None)]


async def test_who_finished_can_be_enrolled_again(office: Office) -> None:
    flow_id, contact_id, enrollment_id = await office.started()
    await office.journeys.stop(office.principal, flow_id, enrollment_id)
    flow = await office.salesflows.get(office.principal, flow_id)
    assert (await office.enroll(flow, contact_id)).enrolled == 1


async def test_who_runs_through_another_salesflow_is_left_out(office: Office) -> None:
    _, contact_id, _ = await office.started()
    assert await reasons(office, await office.flow(), contact_id) == [("in_another_salesflow", "A Salesflow")]


async def test_who_has_no_address_is_left_out(office: Office) -> None:
    assert await reasons(office, await office.flow(), await office.person(email=None)) == [("no_email", None)]


async def test_an_unknown_contact_is_left_out(office: Office) -> None:
    assert await reasons(office, await office.flow(), ContactId(uuid4())) == [("not_found", None)]


async def test_a_contact_of_another_organization_is_unknown(office: Office) -> None:
    stranger = await (await an_office(office.database, office.units, office.clock)).person()
    assert await reasons(office, await office.flow(), stranger) == [("not_found", None)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"opted_out_at": datetime(2026, 1, 1, tzinfo=UTC)}, "opted_out"), ({"email_state": "bounced"}, "bounced")],
)
async def test_who_must_not_be_written_to_is_left_out(office: Office, change: dict[str, object], reason: str) -> None:
    contact_id = await office.person()
    await office.change(update(contacts).values(**change))
    assert await reasons(office, await office.flow(), contact_id) == [(reason, None)]


async def test_a_suppressed_address_is_left_out(office: Office) -> None:
    contact_id = await office.person(email="gone@prospect.example")
    async with office.units.of(office.organization_id) as unit:
        await unit.suppressions.add(["gone@prospect.example"], "opted_out", office.clock.now())
    assert await reasons(office, await office.flow(), contact_id) == [("suppressed", None)]


async def test_without_a_mailbox_nobody_gets_in(office: Office) -> None:
    await office.mailbox("needs_reconnect")
    assert await reasons(office, await office.flow(), await office.person()) == [("no_mailbox", "Sam Sender")]


async def test_a_missing_merge_field_of_any_step_is_told(office: Office) -> None:
    flow = await office.flow(a_step(), a_step("To {{ contact.city }}", "{{ contact.state | default: 'x' }}"))
    assert await reasons(office, flow, await office.person()) == [("missing_merge_field", "contact.city")]
    assert (await office.enroll(flow, await office.person(city="Rome"))).enrolled == 1


async def test_a_field_that_is_only_needed_for_some_is_missing_for_those(office: Office) -> None:
    body = "{% if contact.country == 'US' %}{{ contact.state }}{% endif %}Hi"
    flow = await office.flow(a_step("Hello", body))
    abroad, at_home = await office.person(country="FR"), await office.person(country="US")
    came = await office.enroll(flow, abroad, at_home)
    assert [one.contact_id for one in came.left_out] == [at_home]


async def test_a_dry_run_says_and_does_not(office: Office) -> None:
    flow = await office.flow()
    came = await office.enroll(flow, *await office.people(3), dry_run=True)
    assert (came.enrolled, came.first_due_at) == (3, office.clock.now())
    assert await office.rows(select(enrollments)) == []


async def test_a_contact_named_twice_is_enrolled_once(office: Office) -> None:
    flow, contact_id = await office.flow(), await office.person()
    came = await office.enroll(flow, contact_id, contact_id)
    assert (came.enrolled, came.left_out) == (1, [])


async def test_everybody_who_matches_a_filter_is_enrolled(office: Office) -> None:
    flow = await office.flow()
    await office.person(company="Fabrikam")
    await office.person(company="Contoso")
    wish = Wish(matching=ContactFilter(q="fabri"))
    assert (await office.enrolling.enroll(office.principal, flow.summary.salesflow.id, wish)).enrolled == 1


async def test_more_than_ten_thousand_at_once_are_refused(office: Office) -> None:
    with pytest.raises(InvalidField):
        await office.enroll(await office.flow(), *(ContactId(uuid4()) for _ in range(10_001)))


async def test_a_start_time_is_kept_and_told(office: Office) -> None:
    flow, contact_id = await office.flow(), await office.person()
    start = datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
    came = await office.enroll(flow, contact_id, start_at=start)
    [entry] = (await office.journeys.page(office.principal, flow.summary.salesflow.id, None, PageRequest())).items
    assert (came.first_due_at, entry.enrollment.due_at) == (start, start)
    assert entry.waiting is not None
    assert (entry.waiting.reason, entry.waiting.until) == (WaitingReason.START_TIME, start)


async def test_outside_of_business_hours_the_first_step_waits_for_them(office: Office) -> None:
    office.clock.instant = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    flow_id, contact_id, _ = await office.started()
    assert (await office.enrollment(contact_id)).due_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    [entry] = (await office.journeys.page(office.principal, flow_id, None, PageRequest())).items
    assert entry.waiting is not None
    assert entry.waiting.reason is WaitingReason.BUSINESS_HOURS


async def test_a_draft_takes_nobody(office: Office) -> None:
    with pytest.raises(NotAllowedInState):
        await office.enroll(await office.flow(active=False), await office.person())


async def test_starting_on_behalf_of_others_needs_the_permission(office: Office) -> None:
    other = await office.colleague()
    with pytest.raises(Forbidden):
        await office.enroll(await office.flow(), await office.person(), on_behalf_of=other.user_id)


async def test_what_is_started_on_behalf_leaves_from_the_others_mailbox(office: Office) -> None:
    boss = await office.colleague(Role.ADMINISTRATOR, start_salesflow_on_behalf=True)
    flow, contact_id = await office.flow(), await office.person()
    wish = Wish(contact_ids=[contact_id], on_behalf_of=office.principal.user_id)
    await office.enrolling.enroll(boss, flow.summary.salesflow.id, wish)
    enrollment = await office.enrollment(contact_id)
    assert (enrollment.user_id, enrollment.started_by) == (office.principal.user_id, boss.user_id)


async def test_of_two_who_enroll_at_once_one_is_told_that_it_was_done(office: Office) -> None:
    flow = await office.flow()
    crowd = await office.people(30)
    one, other = await asyncio.gather(office.enroll(flow, *crowd), office.enroll(flow, *reversed(crowd)))
    assert one.enrolled + other.enrolled == 30
    assert {left.reason.value for left in (*one.left_out, *other.left_out)} == {"already_enrolled"}


async def test_of_two_salesflows_at_once_one_gets_the_contact(office: Office) -> None:
    first, second, contact_id = await office.flow(), await office.flow(), await office.person()
    one, other = await asyncio.gather(office.enroll(first, contact_id), office.enroll(second, contact_id))
    assert one.enrolled + other.enrolled == 1


async def test_the_start_is_told_in_the_timeline(office: Office) -> None:
    flow_id, contact_id, enrollment_id = await office.started()
    [told] = await office.rows(select(activities).where(activities.c.type == "salesflow_started"))
    assert (told.contact_id, told.salesflow_id, told.enrollment_id) == (contact_id, flow_id, enrollment_id)
