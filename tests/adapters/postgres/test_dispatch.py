"""The dispatcher over a real PostgreSQL: what is due is executed once, everything else waits or ends with a reason."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from adapters.postgres.connection import CompiledStatement
from adapters.postgres.database import Database
from adapters.postgres.dispatch import CLAIM, RECORD
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import activities, contacts, salesflows
from domain.salesflows.delays import DelayUnit
from domain.salesflows.drafting import DraftStep, DraftVariant
from domain.salesflows.model import Thread
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import Office, a_rested_office, a_step, an_office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(transactions: Database) -> Office:
    return await a_rested_office(transactions, SuppressionHashes(KEYS.keyed_hash))


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is sent to the server, transaction control included."""
    sent: list[str] = []

    def note(record: Any) -> None:
        sent.append(record.query)

    connections: list[Any] = []
    original = Database.system

    class Noting:
        """Attaches the log to the connection of the unit."""

        def __init__(self, opened: Any) -> None:
            self._opened = opened

        async def __aenter__(self) -> Any:
            transaction = await self._opened.__aenter__()
            transaction.driver.add_query_logger(note)
            connections.append(transaction.driver)
            return transaction

        async def __aexit__(self, *error: Any) -> Any:
            ended = await self._opened.__aexit__(*error)
            connections.pop().remove_query_logger(note)
            return ended

    database.system = lambda: Noting(original(database))  # type: ignore[method-assign,assignment,return-value]
    yield sent
    del database.system  # type: ignore[method-assign]


# What is due is executed.


async def test_a_due_step_becomes_an_email_to_be_sent(office: Office) -> None:
    _, contact_id, enrollment_id = await office.started()
    assert await office.dispatched() == 1
    [email] = await office.emails(contact_id)
    assert (email.state, email.mailbox_id, email.send_key) == ("ready", office.mailbox_id, f"{enrollment_id.hex}:1")


async def test_its_step_run_is_executing(office: Office) -> None:
    _, _, enrollment_id = await office.started()
    await office.dispatched()
    [run] = await office.runs()
    assert (run.enrollment_id, run.position, run.state) == (enrollment_id, 1, "executing")


async def test_what_was_dispatched_is_not_due_again(office: Office) -> None:
    _, contact_id, _ = await office.started()
    await office.dispatched()
    office.clock.move(days=1)
    assert await office.dispatched() == 0
    assert len(await office.emails(contact_id)) == 1


async def test_nothing_is_due_before_its_time(office: Office) -> None:
    await office.started(a_step(amount=30))
    office.clock.move(minutes=29)
    assert await office.dispatched() == 0


async def test_a_sent_email_plans_the_next_step(office: Office) -> None:
    _, contact_id, _ = await office.started()
    await office.dispatched()
    [email] = await office.emails(contact_id)
    office.clock.move(minutes=3)
    await office.leaves(email)
    enrollment = await office.enrollment(contact_id)
    assert (enrollment.position, enrollment.due_at) == (2, office.clock.now() + timedelta(days=2))


async def test_the_last_email_completes_the_salesflow(office: Office) -> None:
    _, contact_id, _ = await office.started(a_step())
    await office.dispatched()
    await office.leaves((await office.emails(contact_id))[0])
    enrollment = await office.enrollment(contact_id)
    assert (enrollment.state, enrollment.reason) == ("finished", "completed")


async def test_people_under_way_finish_on_the_steps_they_started_with(office: Office) -> None:
    flow_id, contact_id, _ = await office.started()
    await office.salesflows.put_steps(office.principal, flow_id, [a_step("Only")])
    await office.dispatched()
    await office.leaves((await office.emails(contact_id))[0])
    office.clock.move(days=2)
    await office.dispatched()
    assert len(await office.emails(contact_id)) == 2


async def test_variants_are_shared_out_by_weight_and_one_of_weight_zero_goes_to_nobody(office: Office) -> None:
    variants = [DraftVariant(50, "A", "a"), DraftVariant(50, "B", "b"), DraftVariant(0, "C", "c")]
    flow = await office.flow(DraftStep(0, DelayUnit.MINUTES, Thread.NEW, variants))
    await office.enroll(flow, *await office.people(60))
    await office.dispatched()
    first, second, none = (variant.id for variant in flow.steps[0].variants)
    counted = [email.variant_id for email in await office.emails()]
    assert counted.count(none) == 0
    assert min(counted.count(first), counted.count(second)) > 10


# What ends it, before anything is written.


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"deleted_at": datetime(2026, 11, 24, tzinfo=UTC)}, "contact_deleted"),
        ({"opted_out_at": datetime(2026, 11, 24, tzinfo=UTC)}, "opted_out"),
        ({"email": None, "email_key": "", "email_state": "none"}, "no_email"),
        ({"email_state": "bounced"}, "bounced"),
    ],
)
async def test_a_contact_who_must_not_be_written_to_is_finished(
    office: Office, change: dict[str, object], reason: str
) -> None:
    _, contact_id, _ = await office.started()
    await office.change(update(contacts).values(**change))
    await office.dispatched()
    enrollment = await office.enrollment(contact_id)
    assert (enrollment.state, enrollment.reason, await office.emails()) == ("finished", reason, [])


async def test_a_finished_enrollment_is_told_in_the_timeline(office: Office) -> None:
    _, contact_id, enrollment_id = await office.started()
    await office.change(update(contacts).values(email_state="bounced"))
    await office.dispatched()
    query = select(activities).where(activities.c.type == "salesflow_finished")
    [told] = await office.rows(query)
    assert (told.contact_id, told.enrollment_id, told.detail) == (contact_id, enrollment_id, {"reason": "bounced"})


async def test_a_suppressed_address_is_not_written_to(office: Office) -> None:
    _, contact_id, _ = await office.started()
    async with office.units.of(office.organization_id) as unit:
        address = (await unit.contacts.get(contact_id)).email_key
        await unit.suppressions.add([address], "opted_out", office.clock.now())
    await office.dispatched()
    assert (await office.enrollment(contact_id)).reason == "suppressed"


async def test_a_suppression_of_another_organization_does_not_count(office: Office) -> None:
    _, contact_id, _ = await office.started()
    other = await an_office(office.database, office.units, office.clock)
    async with office.units.of(office.organization_id) as unit:
        address = (await unit.contacts.get(contact_id)).email_key
    async with other.units.of(other.organization_id) as unit:
        await unit.suppressions.add([address], "opted_out", office.clock.now())
    await office.dispatched()
    assert len(await office.emails(contact_id)) == 1


async def test_an_archived_salesflow_sends_nothing_even_before_everybody_was_stopped(office: Office) -> None:
    flow_id, contact_id, _ = await office.started()
    await office.change(update(salesflows).where(salesflows.c.id == flow_id).values(state="archived"))
    await office.dispatched()
    assert (await office.enrollment(contact_id)).reason == "archived"


# What only waits.


async def test_nothing_leaves_outside_of_the_senders_hours(office: Office) -> None:
    _, contact_id, _ = await office.started(a_step(amount=30))
    office.clock.instant = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
    await office.dispatched()
    enrollment = await office.enrollment(contact_id)
    assert (await office.emails(), enrollment.waiting) == ([], "business_hours")
    assert enrollment.due_at == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("state", ["needs_reconnect", "disconnected"])
async def test_without_a_connected_mailbox_it_waits_for_one(office: Office, state: str) -> None:
    _, contact_id, _ = await office.started()
    await office.mailbox(state)
    await office.dispatched()
    enrollment = await office.enrollment(contact_id)
    assert (enrollment.state, enrollment.waiting, await office.emails()) == ("active", "mailbox", [])


async def test_with_the_mailbox_back_it_goes(office: Office) -> None:
    _, contact_id, _ = await office.started()
    await office.mailbox("needs_reconnect")
    await office.dispatched()
    await office.mailbox("connected")
    office.clock.move(minutes=5)
    await office.dispatched()
    assert len(await office.emails(contact_id)) == 1


async def test_a_paused_organization_sends_nothing(office: Office) -> None:
    _, contact_id, _ = await office.started()
    await office.pause_organization()
    await office.dispatched()
    enrollment = await office.enrollment(contact_id)
    assert (enrollment.waiting, await office.emails()) == ("organization_paused", [])


async def test_a_paused_salesflow_holds_everybody_and_keeps_the_rest_of_the_delay(office: Office) -> None:
    flow_id, contact_id, _ = await office.started(a_step(amount=30))
    office.clock.move(minutes=10)
    await office.salesflows.pause(office.principal, flow_id)
    office.clock.move(minutes=60)
    assert await office.dispatched() == 1
    assert await office.dispatched() == 0
    await office.salesflows.activate(office.principal, flow_id)
    assert (await office.enrollment(contact_id)).due_at == office.clock.now() + timedelta(minutes=20)


async def test_of_whom_the_dispatcher_never_saw_the_delay_is_kept_too(office: Office) -> None:
    flow_id, contact_id, _ = await office.started(a_step(amount=30))
    office.clock.move(minutes=10)
    await office.salesflows.pause(office.principal, flow_id)
    office.clock.move(minutes=5)
    await office.salesflows.activate(office.principal, flow_id)
    assert (await office.enrollment(contact_id)).due_at == office.clock.now() + timedelta(minutes=20)


async def test_an_enrollment_that_is_held_is_not_due(office: Office) -> None:
    flow_id, _, enrollment_id = await office.started()
    await office.journeys.pause(office.principal, flow_id, enrollment_id)
    assert await office.dispatched() == 0


# Frugal.


async def test_a_batch_takes_at_most_six_statements(office: Office) -> None:
    flow = await office.flow()
    await office.enroll(flow, *await office.people(50))
    with statements(office.database) as sent:
        assert await office.dispatch.dispatch_due() == 50
    assert len([one for one in sent if not one.startswith(("BEGIN", "COMMIT"))]) <= 6


async def test_a_sweep_that_finds_nothing_takes_one_statement(office: Office) -> None:
    with statements(office.database) as sent:
        assert await office.dispatch.dispatch_due() == 0
    assert len([one for one in sent if not one.startswith(("BEGIN", "COMMIT"))]) == 1


async def test_no_statement_of_a_batch_reads_a_whole_table(office: Office, servers: Any, database: Any) -> None:
    flow = await office.flow()
    [contact_id] = await office.people(1)
    await office.enroll(flow, contact_id)
    many = CROWD.format(organization=office.organization_id, contact=contact_id)
    servers.sql(many + "analyze enrollments, contacts, salesflows, step_runs, emails;", database.name)
    with statements(office.database) as sent:
        await office.dispatch.dispatch_due()
    plans = [await plan(office.database, one) for one in (CLAIM, RECORD)]
    servers.sql("delete from enrollments where started_by = user_id and start_at is not null", database.name)
    assert sent
    assert not any(re.search(r"Seq Scan on (enrollments|contacts|emails|step_runs)", one) for one in plans)
    assert "enrollments_due" in plans[0]


# 20,000 who are not due beside the few who are.
CROWD = """
with crowd as (
  insert into contacts (organization_id, id, last_name, name_key, status_id, last_activity_at, created_at, updated_at)
  select organization_id, gen_random_uuid(), 'Crowd', 'crowd', status_id, created_at, created_at, created_at
  from contacts, generate_series(1, 20000) where organization_id = '{organization}' and id = '{contact}'
  returning organization_id, id
)
insert into enrollments (organization_id, id, salesflow_id, revision, contact_id, user_id, started_by, state, due_at,
  start_at, started_at)
select crowd.organization_id, gen_random_uuid(), salesflow_id, revision, crowd.id, user_id, user_id, 'active',
  started_at + interval '1 year', started_at, started_at
from crowd join enrollments on enrollments.organization_id = crowd.organization_id;
"""


async def plan(database: Database, statement: CompiledStatement) -> str:
    """As the server would execute it after many executions, for whatever parameters."""
    async with database.system() as transaction:
        await transaction.driver.execute("set local plan_cache_mode = force_generic_plan")
        name = f"plan_{uuid4().hex}"
        await transaction.driver.execute(f"prepare {name} as {statement.sql}")
        nulls = ", ".join("null" for _ in set(re.findall(r"\$\d+", statement.sql)))
        rows = await transaction.driver.fetch(f"explain execute {name} ({nulls})")
        await transaction.driver.execute(f"deallocate {name}")
    return "\n".join(row[0] for row in rows)
