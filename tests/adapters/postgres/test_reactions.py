"""What Salesflows do about the fate of their emails, over a real PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from adapters.postgres.database import Database
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import activities, emails, enrollments
from domain.emails.model import Cancel, Go, Postpone
from domain.salesflows.model import WaitingReason
from domain.shared.ids import ContactId, SalesflowId
from domain.shared.paging import PageRequest
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import Office, a_rested_office, under_way

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(transactions: Database) -> Office:
    return await a_rested_office(transactions, SuppressionHashes(KEYS.keyed_hash))


# What comes back.


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
    async with office.units.of(office.organization_id) as unit:
        await unit.contacts.remove(contact_id, office.clock.now())
    await office.journeys.contacts_deleted(office.organization_id, [contact_id])
    assert (await office.enrollment(contact_id)).reason == "contact_deleted"


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
