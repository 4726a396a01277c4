"""A stop that was committed first wins over a send, in every order in which their statements can meet."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from sqlalchemy import select, update

from adapters.ids import RandomIds
from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.enrollments import PostgresEnrollments
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import contacts, emails, enrollments, organizations, salesflows, step_runs
from adapters.postgres.unit_of_work import PostgresUnits
from domain.contacts.opting_out import opt_out
from domain.contacts.service import Contacts
from domain.emails.model import Go
from domain.salesflows.dispatch import decided
from domain.salesflows.due import opening
from domain.salesflows.model import GateFacts, SalesflowState
from domain.salesflows.pausing import Journeys
from domain.salesflows.service import Salesflows
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import Office, a_rested_office
from tests.adapters.postgres.interleaving import Participant, SteppedDatabase, interleaved

pytestmark = pytest.mark.anyio

ORDERS = 30
STOPS = ("stop", "pause", "pause_salesflow", "pause_organization", "archive", "reply", "bounce", "opt_out", "delete")


@pytest.fixture
async def office(postgres_url: str) -> AsyncIterator[Office]:
    database = Database(open_engine(postgres_url, pool_size=4))
    yield await a_rested_office(database, HASHES)
    await database.close()


@pytest.fixture
async def watch(owner_url: str) -> AsyncIterator[Any]:
    """Sees who waits for whom."""
    connection = await asyncpg.connect(owner_url.replace("+asyncpg", "").replace("engage_owner@", "postgres@"))
    yield connection
    await connection.close()


HASHES = SuppressionHashes(KEYS.keyed_hash)


@pytest.mark.parametrize("how", STOPS)
async def test_nothing_leaves_after_a_committed_stop(office: Office, watch: Any, how: str) -> None:
    late = await late_sends(office, watch, how)
    assert late == 0


@pytest.mark.parametrize("how", ["stop", "reply"])
async def test_without_the_row_lock_the_test_above_would_notice(
    office: Office, watch: Any, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PostgresEnrollments, "gate_facts", unlocked_facts)
    assert await late_sends(office, watch, how) > 0


async def late_sends(office: Office, watch: Any, how: str) -> int:
    """How many emails were let go by a gate that committed after the stop, over many orders."""
    flow_id, contact_id, enrollment_id = await office.started()
    await office.dispatched()
    [email] = await office.emails(contact_id)
    before = await everything(office)
    chance = random.Random(how)
    late = 0
    for _ in range(ORDERS):
        order = [chance.randrange(2) for _ in range(40)]
        if await one_meeting(office, watch, how, (flow_id, contact_id, enrollment_id, email), order):
            late += 1
        await restored(office, before)
    return late


async def one_meeting(office: Office, watch: Any, how: str, of: tuple[Any, ...], order: list[int]) -> bool:
    """Whether the email was let go after the stop was committed."""
    email = of[3]
    committed: list[str] = []
    sender, stopper = Participant("send"), Participant("stop")
    sending, stopping = (units(office, one, committed) for one in (sender, stopper))
    verdicts: dict[Any, Any] = {}

    async def send() -> None:
        async with sending.of(office.organization_id) as unit:
            verdicts.update(await office.reactions.may_send(unit, [email], office.clock.now()))

    async def stop() -> None:
        await stops(office, stopping, how, of)

    await interleaved(watch, (sender, stopper), (send, stop), order)
    return isinstance(verdicts[email.id], Go) and committed[0] == "stop"


def units(office: Office, participant: Participant, committed: list[str]) -> PostgresUnits:
    return PostgresUnits(SteppedDatabase(office.database, participant, committed), RandomIds(), office.clock, HASHES)


async def stops(office: Office, stopping: PostgresUnits, how: str, of: tuple[Any, ...]) -> None:
    flow_id, contact_id, enrollment_id, email = of
    journeys = Journeys(units=stopping, clock=office.clock)
    flows = Salesflows(units=stopping, clock=office.clock, ids=RandomIds())
    match how:
        case "stop":
            await journeys.stop(office.principal, flow_id, enrollment_id)
        case "pause":
            await journeys.pause(office.principal, flow_id, enrollment_id)
        case "pause_salesflow":
            await flows.pause(office.principal, flow_id)
        case "archive":
            await flows.archive(office.principal, flow_id)
        case "delete":
            contacts_ = Contacts(units=stopping, clock=office.clock, ids=RandomIds())
            await contacts_.delete(office.principal, contact_id)
        case _:
            async with stopping.of(office.organization_id) as unit:
                await comes_from_elsewhere(office, unit, how, email)


async def comes_from_elsewhere(office: Office, unit: Any, how: str, email: Any) -> None:
    now = office.clock.now()
    match how:
        case "pause_organization":
            await unit.organizations.save(replace(await unit.organizations.get(), dispatch_paused=True))
        case "reply":
            await office.reactions.replied(unit, email, now)
        case "bounce":
            await office.reactions.bounced(unit, email, now, hard=True)
        case "opt_out":
            await opt_out(unit, email.contact_id, now)
            await office.reactions.opted_out(unit, email.contact_id, now, email)


async def unlocked_facts(self: PostgresEnrollments, enrollment_ids: Any) -> list[GateFacts]:
    """The gate as it would be without locks."""
    found = await self._transaction.execute(
        select(enrollments.c.id, contacts.c.email_key).join(contacts, contacts.c.id == enrollments.c.contact_id)
    )
    keys = {row.id: row.email_key for row in found}
    return [
        GateFacts((await self.entry(key)).enrollment, SalesflowState.ACTIVE, keys[key], "ok", False, False, False)
        for key in enrollment_ids
    ]


TABLES = (organizations, salesflows, contacts, enrollments, emails, step_runs)


async def everything(office: Office) -> dict[Any, Any]:
    return {table: (await office.rows(select(table)))[0]._mapping for table in TABLES}


async def restored(office: Office, before: dict[Any, Any]) -> None:
    for table, row in before.items():
        values = {name: value for name, value in row.items() if name not in ("organization_id", "id")}
        await office.change(update(table).where(table.c.id == row["id"]).values(**values))


async def test_the_dispatcher_and_an_opt_out_do_not_wait_for_each_other_in_a_circle(office: Office, watch: Any) -> None:
    """The dispatcher holds the enrollment and refers to the contact, the opt-out holds the contact and wants both."""
    _, contact_id, _ = await office.started()
    now = office.clock.now()

    async def opts_out() -> None:
        async with office.units.of(office.organization_id) as unit:
            await opt_out(unit, contact_id, now)
            await office.reactions.opted_out(unit, contact_id, now, None)

    async with asyncio.timeout(20), office.units.system() as unit:
        due = await unit.dispatch.claim(now)
        senders = await unit.dispatch.senders({row.sender_key for row in due})
        steps = await unit.dispatch.steps({row.step_key for row in due})
        leaving = asyncio.ensure_future(opts_out())
        await somebody_waits(watch)
        may_leave = {key: opening(sender, now) for key, sender in senders.items()}
        await unit.dispatch.record(decided(due, may_leave, steps, set(), RandomIds(), now), now)
    await leaving
    [email] = await office.emails(contact_id)
    assert (email.state, (await office.enrollment(contact_id)).reason) == ("cancelled", "opted_out")


async def somebody_waits(watch: Any) -> None:
    """Until a transaction waits for another's lock."""
    lockers = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    while True:
        if await watch.fetchval(lockers):
            return
