"""Salesflows themselves over a real PostgreSQL: written, seen, started, ended."""

from typing import Any

import pytest
from sqlalchemy import update

from adapters.postgres.connection import Transaction
from adapters.postgres.database import Database
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import enrollments
from domain.salesflows.delays import DelayUnit
from domain.salesflows.model import SalesflowState
from domain.salesflows.previewing import Previewing
from domain.shared.errors import Forbidden, NotAllowedInState, NotFound, Rejected, VersionMismatch
from domain.shared.paging import PageRequest
from domain.shared.principal import Role
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import Office, a_rested_office, a_step, an_office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(transactions: Database) -> Office:
    return await a_rested_office(transactions, SuppressionHashes(KEYS.keyed_hash))


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


async def test_a_preview_for_a_sample_contact_is_from_whoever_looks_at_it(office: Office) -> None:
    flow = await office.flow()
    step = a_step("From {{ sender.name }}", "<p>{{ contact.first_name }}, {{ sender.phone }}</p>")
    shown = await Previewing(units=office.units).preview(office.principal, flow.summary.salesflow.id, step, None)
    assert (shown.subject, shown.missing) == ("From Sam Sender", ("sender.phone",))
    assert "Alex, [Your phone]" in shown.html


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The statements of units, as they are sent."""
    sent: list[object] = []
    execute = Transaction.execute

    async def noting(self: Transaction, statement: Any, parameters: Any = None) -> Any:
        sent.append(statement)
        return await execute(self, statement, parameters)

    monkeypatch.setattr(Transaction, "execute", noting)
    return sent


async def test_a_page_takes_two_statements_however_many_salesflows(office: Office, counted: list[object]) -> None:
    for _ in range(3):
        await office.flow()
    counted.clear()
    await office.salesflows.page(office.principal, PageRequest())
    assert len(counted) == 2


async def test_statistics_take_three_statements_and_one_for_the_salesflow(
    office: Office, counted: list[object]
) -> None:
    flow = await office.flow(*(a_step(f"Step {number}") for number in range(5)))
    counted.clear()
    await office.salesflows.stats(office.principal, flow.summary.salesflow.id)
    assert len(counted) == 4
