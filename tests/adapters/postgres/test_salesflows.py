"""Salesflows over a real PostgreSQL: definitions, who gets in, what replies and pauses do, stop against send."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from adapters.ids import RandomIds
from adapters.postgres.database import Database
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import activities, contacts, emails, enrollments, salesflows
from adapters.postgres.unit_of_work import PostgresUnits
from domain.contacts.model import ContactFilter
from domain.emails.model import Cancel, Go, Postpone
from domain.salesflows.delays import DelayUnit
from domain.salesflows.enrolling import Wish
from domain.salesflows.model import EnrollmentState, FinishReason, SalesflowState, WaitingReason
from domain.salesflows.previewing import Previewing
from domain.shared.errors import Forbidden, InvalidField, NotAllowedInState, NotFound, Rejected, VersionMismatch
from domain.shared.ids import ContactId, SalesflowId
from domain.shared.paging import PageRequest
from domain.shared.principal import Role
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import Office, SetClock, a_step, an_office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(transactions: Database) -> Office:
    clock = SetClock()
    units = PostgresUnits(transactions, RandomIds(), clock, SuppressionHashes(KEYS.keyed_hash))
    async with transactions.system() as transaction:
        await transaction.execute(update(enrollments).values(due_at=None, resume_at=None))
    return await an_office(transactions, units, clock)


# Definitions.


async def test_a_salesflow_is_read_back_as_it_was_written(office: Office) -> None:
    flow = await office.flow(a_step("One"), a_step("Two", amount=3, unit=DelayUnit.DAYS), active=False)
    again = await office.salesflows.get(office.principal, flow.summary.salesflow.id)
    assert again == flow
    assert [(step.position, step.delay.amount) for step in again.steps] == [(1, 0), (2, 3)]


async def test_the_list_is_read_page_by_page_newest_first(office: Office) -> None:
    names = []
    for number in range(5):
        office.clock.move(seconds=1)
        names.insert(0, f"Flow {number}")
        await office.salesflows.create(office.principal, f"Flow {number}")
    first = await office.salesflows.page(office.principal, PageRequest(limit=3))
    second = await office.salesflows.page(office.principal, PageRequest(limit=3, cursor=first.next_cursor))
    assert [one.salesflow.name for one in (*first.items, *second.items)] == names


async def test_the_list_counts_contacts_and_emails(office: Office) -> None:
    flow_id, contact_id, _ = await office.started()
    await office.enroll(await office.salesflows.get(office.principal, flow_id), await office.person())
    await office.dispatched()
    await office.leaves((await office.emails(contact_id))[0])
    [one] = (await office.salesflows.page(office.principal, PageRequest())).items
    counts = one.counts
    assert (counts.enrolled, counts.active, counts.paused, counts.finished, counts.sent) == (2, 2, 0, 0, 1)


async def test_a_contributor_sees_own_and_shared_salesflows_and_those_with_enrollments_in_the_own_name(
    office: Office,
) -> None:
    other = await office.colleague()
    hidden = (await office.flow()).summary.salesflow.id
    shared = (await office.flow(shared=True)).summary.salesflow.id
    taking_part = await office.flow()
    contact_id = await office.person()
    await office.enroll(taking_part, contact_id)
    await office.change(update(enrollments).values(user_id=other.user_id))
    seen = {one.salesflow.id for one in (await office.salesflows.page(other, PageRequest())).items}
    assert seen == {shared, taking_part.summary.salesflow.id}
    with pytest.raises(NotFound):
        await office.salesflows.get(other, hidden)


async def test_an_administrator_sees_all(office: Office) -> None:
    boss = await office.colleague(Role.ADMINISTRATOR)
    flow = await office.flow()
    assert (await office.salesflows.get(boss, flow.summary.salesflow.id)).steps == flow.steps


async def test_a_shared_salesflow_is_changed_by_its_owner_and_administrators_alone(office: Office) -> None:
    flow_id = (await office.flow(shared=True)).summary.salesflow.id
    with pytest.raises(Forbidden):
        await office.salesflows.change(await office.colleague(), flow_id, name="Mine now")
    changed = await office.salesflows.change(await office.colleague(Role.ADMINISTRATOR), flow_id, name="Better")
    assert changed.summary.salesflow.name == "Better"


async def test_another_organizations_salesflow_is_not_there(office: Office) -> None:
    other = await an_office(office.database, office.units, office.clock)
    flow = await other.flow()
    with pytest.raises(NotFound):
        await office.salesflows.get(office.principal, flow.summary.salesflow.id)


async def test_a_change_made_on_an_older_version_is_refused(office: Office) -> None:
    flow = await office.flow()
    with pytest.raises(VersionMismatch):
        await office.salesflows.change(office.principal, flow.summary.salesflow.id, name="X", version=1)


async def test_a_salesflow_without_steps_cannot_be_activated(office: Office) -> None:
    flow = await office.salesflows.create(office.principal, "Empty")
    with pytest.raises(NotAllowedInState):
        await office.salesflows.activate(office.principal, flow.summary.salesflow.id)


async def test_every_fault_of_the_steps_is_told_at_once(office: Office) -> None:
    flow = await office.salesflows.create(office.principal, "Faulty")
    steps = [a_step("Hi {{ contact.first_nam }}"), a_step("", "<p>{% if %}</p>", amount=-1)]
    with pytest.raises(Rejected) as refused:
        await office.salesflows.put_steps(office.principal, flow.summary.salesflow.id, steps)
    assert {(error.pointer, error.code) for error in refused.value.errors} == {
        ("/steps/0/variants/0/subject", "template_unknown_field"),
        ("/steps/1/delay/amount", "out_of_range"),
        ("/steps/1/variants/0/subject", "required"),
        ("/steps/1/variants/0/body_html", "template_syntax"),
    }


async def test_what_nobody_was_enrolled_in_can_be_deleted(office: Office) -> None:
    flow_id = (await office.flow()).summary.salesflow.id
    await office.salesflows.delete(office.principal, flow_id)
    with pytest.raises(NotFound):
        await office.salesflows.get(office.principal, flow_id)


async def test_deleting_a_salesflow_with_enrollments_archives_it_and_ends_them(office: Office) -> None:
    flow_id, contact_id, _ = await office.started()
    await office.salesflows.delete(office.principal, flow_id)
    flow = await office.salesflows.get(office.principal, flow_id)
    assert flow.summary.salesflow.state is SalesflowState.ARCHIVED
    assert (await office.enrollment(contact_id)).reason == "archived"


async def test_a_preview_shows_what_is_missing_by_its_label(office: Office) -> None:
    flow = await office.flow()
    contact_id = await office.person(city=None)
    step = a_step("To {{ contact.city }}", "<p>{{ contact.last_name }}</p>")
    shown = await Previewing(units=office.units).preview(office.principal, flow.summary.salesflow.id, step, contact_id)
    assert (shown.subject, shown.missing) == ("To [City]", ("contact.city",))
    assert "Prospect" in shown.html


# Who gets in.


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


# What comes back.


async def under_way(office: Office) -> tuple[ContactId, Any]:
    """A contact to whom the first email has left."""
    _, contact_id, _ = await office.started()
    await office.dispatched()
    [email] = await office.emails(contact_id)
    await office.leaves(email)
    return contact_id, email


async def test_a_reply_finishes_every_salesflow_of_the_person(office: Office) -> None:
    contact_id, email = await under_way(office)
    await office.change(update(enrollments).values(state="paused", reason="manual"))
    async with office.units.of(office.organization_id) as unit:
        await office.reactions.replied(unit, email, office.clock.now())
    enrollment = await office.enrollment(contact_id)
    assert (enrollment.state, enrollment.reason, enrollment.due_at) == ("finished", "replied", None)


async def test_a_hard_bounce_finishes_and_a_soft_one_does_not(office: Office) -> None:
    contact_id, email = await under_way(office)
    async with office.units.of(office.organization_id) as unit:
        await office.reactions.bounced(unit, email, office.clock.now(), hard=False)
    assert (await office.enrollment(contact_id)).state == "active"
    async with office.units.of(office.organization_id) as unit:
        await office.reactions.bounced(unit, email, office.clock.now(), hard=True)
    assert (await office.enrollment(contact_id)).reason == "bounced"


async def test_an_opt_out_calls_off_the_email_that_has_not_left(office: Office) -> None:
    _, contact_id, _ = await office.started()
    await office.dispatched()
    async with office.units.of(office.organization_id) as unit:
        await office.reactions.opted_out(unit, contact_id, office.clock.now(), None)
    [email], [run] = await office.emails(contact_id), await office.runs()
    assert (email.state, run.state, (await office.enrollment(contact_id)).reason) == (
        "cancelled",
        "cancelled",
        "opted_out",
    )


async def test_an_auto_reply_changes_nothing(office: Office) -> None:
    contact_id, email = await under_way(office)
    before = await office.enrollment(contact_id)
    async with office.units.of(office.organization_id) as unit:
        await office.reactions.auto_replied(unit, email, office.clock.now())
    assert await office.enrollment(contact_id) == before


async def away(office: Office, email: Any, until: datetime | None) -> None:
    async with office.units.of(office.organization_id) as unit:
        await office.reactions.out_of_office(unit, email, office.clock.now(), until)


async def test_an_absence_without_an_end_pauses_for_seven_days(office: Office) -> None:
    contact_id, email = await under_way(office)
    await away(office, email, None)
    enrollment = await office.enrollment(contact_id)
    assert (enrollment.state, enrollment.reason) == ("paused", "out_of_office")
    assert enrollment.resume_at == office.clock.now() + timedelta(days=7)


async def test_an_absence_pauses_until_its_first_business_hours(office: Office) -> None:
    contact_id, email = await under_way(office)
    await away(office, email, datetime(2026, 12, 5, 0, 0, tzinfo=UTC))
    assert (await office.enrollment(contact_id)).resume_at == datetime(2026, 12, 7, 8, 0, tzinfo=UTC)


async def test_a_second_absence_only_extends_the_first(office: Office) -> None:
    contact_id, email = await under_way(office)
    await away(office, email, datetime(2026, 12, 14, 9, 0, tzinfo=UTC))
    await away(office, email, datetime(2026, 12, 2, 9, 0, tzinfo=UTC))
    assert (await office.enrollment(contact_id)).resume_at == datetime(2026, 12, 14, 9, 0, tzinfo=UTC)


async def test_an_absence_does_not_end_a_pause_by_hand(office: Office) -> None:
    flow_id, contact_id, enrollment_id = await office.started()
    await office.dispatched()
    [email] = await office.emails(contact_id)
    await office.journeys.pause(office.principal, flow_id, enrollment_id)
    await away(office, email, None)
    enrollment = await office.enrollment(contact_id)
    assert (enrollment.reason, enrollment.resume_at) == ("manual", None)


async def test_after_an_absence_the_rest_of_the_delay_is_still_to_come(office: Office) -> None:
    contact_id, email = await under_way(office)
    due = (await office.enrollment(contact_id)).due_at
    await away(office, email, None)
    office.clock.move(days=7)
    assert await office.dispatch.resume_due() == 1
    enrollment = await office.enrollment(contact_id)
    assert (enrollment.state, enrollment.due_at) == ("active", due + timedelta(days=7))


async def test_nobody_goes_on_before_the_absence_is_over(office: Office) -> None:
    _, email = await under_way(office)
    await away(office, email, None)
    office.clock.move(days=6)
    assert await office.dispatch.resume_due() == 0


async def test_going_on_is_told_in_the_timeline(office: Office) -> None:
    contact_id, email = await under_way(office)
    await away(office, email, None)
    office.clock.move(days=7)
    await office.dispatch.resume_due()
    told = await office.rows(select(activities.c.type).where(activities.c.contact_id == contact_id))
    assert {row.type for row in told} >= {"salesflow_paused", "salesflow_resumed"}


async def lacks(office: Office, email: Any) -> None:
    async with office.units.of(office.organization_id) as unit:
        await office.reactions.needs_data(unit, email, ["contact.city"])


async def test_missing_fields_pause_and_are_named(office: Office) -> None:
    flow_id, contact_id, _ = await office.started()
    await office.dispatched()
    await lacks(office, (await office.emails(contact_id))[0])
    [entry] = (await office.journeys.page(office.principal, flow_id, None, PageRequest())).items
    assert entry.waiting is not None
    assert (entry.waiting.reason, entry.waiting.fields) == (WaitingReason.NEEDS_DATA, ("contact.city",))


async def test_once_it_could_be_written_it_may_leave_and_goes_on(office: Office) -> None:
    _, contact_id, _ = await office.started()
    await office.dispatched()
    await lacks(office, (await office.emails(contact_id))[0])
    await office.journeys.contact_changed(office.organization_id, contact_id)
    await office.change(update(emails).values(state="drafted"))
    [email] = await office.emails(contact_id)
    assert (email.due_at, await asked(office, email)) == (office.clock.now(), Go())
    assert (await office.enrollment(contact_id)).state == "active"


async def test_an_email_that_can_never_leave_fails_the_journey(office: Office) -> None:
    _, contact_id, _ = await office.started()
    await office.dispatched()
    async with office.units.of(office.organization_id) as unit:
        await office.reactions.failed(unit, (await office.emails(contact_id))[0], "rejected")
    [run] = await office.runs()
    assert ((await office.enrollment(contact_id)).reason, run.state) == ("failed", "failed")


async def test_a_send_that_is_told_twice_counts_once(office: Office) -> None:
    contact_id, email = await under_way(office)
    office.clock.move(hours=1)
    async with office.units.of(office.organization_id) as unit:
        await office.reactions.sent(unit, email, office.clock.now())
    assert (await office.enrollment(contact_id)).position == 2


async def test_a_send_after_the_stop_reopens_nothing(office: Office) -> None:
    flow_id, contact_id, enrollment_id = await office.started()
    await office.dispatched()
    [email] = await office.emails(contact_id)
    await office.change(update(emails).values(state="sending"))
    await office.journeys.stop(office.principal, flow_id, enrollment_id)
    await office.leaves(email)
    [run] = await office.runs()
    assert ((await office.enrollment(contact_id)).reason, run.state) == ("manual", "done")


async def test_a_deleted_contacts_journeys_end(office: Office) -> None:
    _, contact_id, _ = await office.started()
    await office.journeys.contact_deleted(office.organization_id, contact_id)
    assert (await office.enrollment(contact_id)).reason == "contact_deleted"


# Single enrollments.


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


async def test_a_contacts_salesflows_are_listed_with_their_names(office: Office) -> None:
    flow_id, contact_id, _ = await office.started()
    [entry] = await office.journeys.of_contact(office.principal, contact_id)
    assert (entry.enrollment.salesflow_id, entry.salesflow_name, entry.steps_count) == (flow_id, "A Salesflow", 2)


async def test_statistics_count_by_step_and_variant(office: Office) -> None:
    _, email = await under_way(office)
    await office.change(update(emails).values(replied_at=office.clock.now(), first_opened_at=office.clock.now()))
    flow_id = SalesflowId(email.salesflow_id)
    stats = await office.salesflows.stats(office.principal, flow_id)
    assert (stats.enrollments.enrolled, stats.emails.sent, stats.emails.replied, stats.emails.opened) == (1, 1, 1, 1)
    assert [(step.position, step.emails.sent) for step in stats.steps] == [(1, 1), (2, 0)]
    assert stats.steps[0].variants[0].emails.sent == 1


# The last question before sending.


async def asked(office: Office, email: Any) -> Any:
    async with office.units.of(office.organization_id) as unit:
        return (await office.reactions.may_send(unit, [email], office.clock.now()))[email.id]


async def ready(office: Office) -> tuple[SalesflowId, ContactId, Any, Any]:
    flow_id, contact_id, enrollment_id = await office.started()
    await office.dispatched()
    [email] = await office.emails(contact_id)
    return flow_id, contact_id, enrollment_id, email


async def test_an_email_of_a_running_enrollment_may_leave(office: Office) -> None:
    *_, email = await ready(office)
    assert await asked(office, email) == Go()


async def test_an_email_of_a_stopped_one_may_not(office: Office) -> None:
    flow_id, _, enrollment_id, email = await ready(office)
    await office.journeys.stop(office.principal, flow_id, enrollment_id)
    assert await asked(office, email) == Cancel("manual")


async def test_to_somebody_suppressed_meanwhile_it_may_not_and_the_journey_ends(office: Office) -> None:
    _, contact_id, _, email = await ready(office)
    async with office.units.of(office.organization_id) as unit:
        address = (await unit.contacts.get(contact_id)).email_key
        await unit.suppressions.add([address], "opted_out", office.clock.now())
    assert await asked(office, email) == Cancel("suppressed")
    assert (await office.enrollment(contact_id)).reason == "suppressed"


async def test_while_held_it_is_put_off(office: Office) -> None:
    flow_id, _, enrollment_id, email = await ready(office)
    await office.journeys.pause(office.principal, flow_id, enrollment_id)
    assert isinstance(await asked(office, email), Postpone)


async def test_while_the_salesflow_or_the_organization_is_paused_it_is_put_off(office: Office) -> None:
    flow_id, _, _, email = await ready(office)
    await office.salesflows.pause(office.principal, flow_id)
    assert isinstance(await asked(office, email), Postpone)
    await office.salesflows.activate(office.principal, flow_id)
    await office.pause_organization()
    assert isinstance(await asked(office, email), Postpone)


async def test_after_hours_it_is_put_off_to_the_next_morning(office: Office) -> None:
    *_, email = await ready(office)
    office.clock.instant = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    assert await asked(office, email) == Postpone(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
