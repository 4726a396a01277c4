"""Transactions that are in each other's way: told as such, done again where nobody else would, and no circles."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text, update

from adapters.postgres.connection import CompiledStatement
from adapters.postgres.database import Database
from adapters.postgres.emails import PostgresEmails
from adapters.postgres.engine import open_engine
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import contacts, emails
from domain.emails.preparing import Preparing
from domain.emails.tracking import TokenSigner, TrackingUrls
from domain.emails.turn import SendingRules, Turn
from domain.emails.unsubscribing import Unsubscribing
from domain.shared.errors import Contended
from domain.shared.ids import EmailId, OrganizationId
from domain.shared.units import repeated
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import Office, a_rested_office, a_step

pytestmark = pytest.mark.anyio

SIGNER = TokenSigner({1: bytes(32)}, 1)
HASHES = SuppressionHashes(KEYS.keyed_hash)


@pytest.fixture
async def office(postgres_url: str) -> AsyncIterator[Office]:
    database = Database(open_engine(postgres_url, pool_size=6))
    yield await a_rested_office(database, HASHES)
    await database.close()


@pytest.fixture
async def watch(owner_url: str) -> AsyncIterator[Any]:
    """Sees who waits for whom."""
    connection = await asyncpg.connect(owner_url.replace("+asyncpg", "").replace("engage_owner@", "postgres@"))
    yield connection
    await connection.close()


def renamed(contact_id: Any, core: bool) -> Any:
    if core:
        return update(contacts).where(contacts.c.id == contact_id).values(city="Elsewhere")
    return CompiledStatement(text(f"update contacts set city = 'Elsewhere' where id = '{contact_id}'"))


@pytest.mark.parametrize("core", [True, False])
async def test_who_loses_a_deadlock_is_told_that_it_can_be_repeated(office: Office, core: bool) -> None:
    both = [await office.person(), await office.person()]
    met = asyncio.Barrier(2)

    async def changes(order: list[Any]) -> None:
        async with office.database.application(office.organization_id) as transaction:
            run = transaction.execute if core else transaction.fetch
            await run(renamed(order[0], core))
            await met.wait()
            await run(renamed(order[1], core))

    async with asyncio.timeout(20):
        ends = await asyncio.gather(changes(both), changes(both[::-1]), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["Contended", "NoneType"]


async def test_a_serialization_failure_is_told_the_same_way(office: Office) -> None:
    failing = text("do $$ begin raise exception using errcode = '40001'; end $$")
    with pytest.raises(Contended):
        await office.change(failing)


async def test_work_that_was_undone_for_another_is_done_again() -> None:
    tries: list[int] = []

    async def work() -> str:
        tries.append(len(tries))
        if len(tries) < 3:
            raise Contended
        return "done"

    assert (await repeated(work), len(tries)) == ("done", 3)


async def test_work_that_is_always_in_the_way_is_given_up() -> None:
    async def work() -> None:
        raise Contended

    with pytest.raises(Contended):
        await repeated(work)


class Links:
    """Knows one organization."""

    def __init__(self, organization_id: OrganizationId) -> None:
        self._organization_id = organization_id

    async def organization_of(self, email_id: EmailId) -> OrganizationId:
        return self._organization_id

    async def url(self, email_id: EmailId, position: int) -> str | None:
        return None


async def somebody_waits(watch: Any) -> None:
    """Until a transaction waits for another's lock."""
    lockers = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    while True:
        if await watch.fetchval(lockers):
            return


async def test_an_opt_out_that_loses_a_deadlock_is_done_all_the_same(office: Office, watch: Any) -> None:
    _, contact_id, _ = await office.started()
    await office.dispatched()
    [email] = await office.emails(contact_id)
    unsubscribing = Unsubscribing(office.units, Links(office.organization_id), office.reactions, SIGNER, office.clock)
    async with asyncio.timeout(20), watch.transaction():
        # The other one never gives in, so the opt-out is the one that is undone.
        await watch.execute("set local deadlock_timeout = '1min'")
        await watch.execute("update emails set error = null where id = $1", email.id)
        leaving = asyncio.ensure_future(unsubscribing.leave(SIGNER.sign_unsubscribe(email.id)))
        await somebody_waits(watch)
        await watch.execute("update contacts set city = 'Elsewhere' where id = $1", contact_id)
    await leaving
    assert (await office.enrollment(contact_id)).reason == "opted_out"


async def test_writing_emails_and_ending_their_journeys_do_not_wait_for_each_other_in_a_circle(
    office: Office, watch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = await office.flow(a_step("Hello {{ contact.city }}"))
    complete, incomplete = await office.person(city="Here"), await office.person(city="There")
    await office.enroll(flow, complete, incomplete)
    await office.dispatched()
    await office.change(update(emails).where(emails.c.contact_id == incomplete).values(due_at=office.clock.now()))
    before = office.clock.now() - timedelta(minutes=1)
    await office.change(update(emails).where(emails.c.contact_id == complete).values(due_at=before))
    await office.change(update(contacts).where(contacts.c.id == incomplete).values(city=None))
    ending: list[asyncio.Future[Any]] = []
    fix_content = PostgresEmails.fix_content

    async def fixing(self: PostgresEmails, *what: Any) -> None:
        """The first email is written, and the Salesflow is archived at this moment."""
        await fix_content(self, *what)
        archive = office.salesflows.archive(office.principal, flow.summary.salesflow.id)
        ending.append(asyncio.ensure_future(archive))
        await somebody_waits(watch)

    monkeypatch.setattr(PostgresEmails, "fix_content", fixing)
    async with asyncio.timeout(20):
        await Preparing(office.reactions, TrackingUrls("http://engage.test", SIGNER), office.clock).next_batch(
            await a_turn(office)
        )
        await ending[0]
    ended = [(await office.enrollment(contact_id)).reason for contact_id in (complete, incomplete)]
    assert ended == ["archived", "archived"]


async def a_turn(office: Office) -> Turn:
    """At the office's mailbox; the provider is not asked."""
    async with office.units.of(office.organization_id) as unit:
        mailbox = await unit.mailboxes.get(office.mailbox_id)
    provider: Any = None
    ends_at = asyncio.get_running_loop().time() + 30
    return Turn(
        units=office.units,
        organization_id=office.organization_id,
        mailbox=mailbox,
        fence=0,
        provider=provider,
        rules=SendingRules(),
        ends_at=ends_at,
        stopping=asyncio.Event(),
        clock=office.clock,
    )
