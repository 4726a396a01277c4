"""Two records become one while their Salesflows run: nothing is lost, nothing sent twice, whoever comes in between."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import select, update

from adapters.ids import RandomIds
from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.tables import contacts, emails, enrollments
from adapters.postgres.unit_of_work import PostgresUnits
from domain.contacts.merging import Merging
from domain.contacts.opting_out import opt_out
from domain.emails.model import Go
from domain.salesflows.joining import Joining
from domain.shared.errors import NotFound
from domain.shared.ids import ContactId
from tests.adapters.postgres.conftest import KEYS
from tests.adapters.postgres.flows import FOLLOW_UP, Office, a_rested_office, a_step
from tests.adapters.postgres.interleaving import Participant, SteppedDatabase, interleaved

pytestmark = pytest.mark.anyio

ORDERS = 20
HASHES = SuppressionHashes(KEYS.keyed_hash)


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


def merging(office: Office, units: PostgresUnits | None = None) -> Merging:
    return Merging(units=units or office.units, journeys=Joining(), clock=office.clock, ids=RandomIds())


async def merge(office: Office, keep: ContactId, other: ContactId) -> Any:
    [merge_id] = (await merging(office).merge(office.principal, keep, [other], {}))[1]
    return merge_id


async def state(office: Office, enrollment_id: Any) -> Any:
    return (await office.rows(select(enrollments).where(enrollments.c.id == enrollment_id)))[0]


async def set_state(office: Office, email: Any, value: str) -> None:
    await office.change(update(emails).where(emails.c.id == email.id).values(state=value))


async def test_an_email_on_its_way_goes_on_in_the_name_of_the_kept_contact(office: Office) -> None:
    _, other, enrollment_id = await office.started()
    kept = await office.person()
    await office.dispatched()
    await merge(office, kept, other)

    [email] = await office.emails(kept)
    async with office.units.of(office.organization_id) as unit:
        verdicts = await office.reactions.may_send(unit, [email], office.clock.now())
    assert isinstance(verdicts[email.id], Go)
    assert (await state(office, enrollment_id)).contact_id == kept
    assert await office.dispatched() == 0


async def test_an_email_that_is_being_sent_settles_its_step_once(office: Office) -> None:
    _, other, enrollment_id = await office.started()
    kept = await office.person()
    await office.dispatched()
    [leaving] = await office.emails(other)
    await set_state(office, leaving, "sending")
    await merge(office, kept, other)

    # The worker still has the email as it was read before.
    await office.leaves(leaving)
    found = await state(office, enrollment_id)
    assert (found.contact_id, found.position, found.state) == (kept, 2, "active")
    assert [email.state for email in await office.emails(kept)] == ["sent"]


async def two_in_one(office: Office) -> tuple[ContactId, ContactId, Any, Any]:
    """Both run through one Salesflow: the first email of the kept one waits, that of the other has left."""
    flow = await office.flow(a_step(), FOLLOW_UP)
    kept, other = await office.person(), await office.person()
    await office.enroll(flow, kept, other)
    await office.dispatched()
    [sent] = await office.emails(other)
    await office.leaves(sent)
    return kept, other, (await office.enrollment(kept)).id, (await office.enrollment(other)).id


async def test_of_two_journeys_through_one_salesflow_the_further_goes_on(office: Office) -> None:
    kept, other, behind, ahead = await two_in_one(office)
    await merge(office, kept, other)

    ended, going = await state(office, behind), await state(office, ahead)
    assert (ended.state, ended.reason) == ("finished", "merged")
    assert (going.state, going.position, going.contact_id) == ("active", 2, kept)
    assert sorted(email.state for email in await office.emails(kept)) == ["cancelled", "sent"]


async def test_when_it_is_taken_back_both_go_on_where_they_were(office: Office) -> None:
    kept, other, behind, ahead = await two_in_one(office)
    merge_id = await merge(office, kept, other)
    await merging(office).undo(office.principal, merge_id)

    assert ((await state(office, behind)).state, (await state(office, behind)).position) == ("active", 1)
    assert (await state(office, ahead)).contact_id == other
    assert await office.dispatched() == 1
    assert sorted(email.state for email in await office.emails(kept)) == ["cancelled", "ready"]
    assert [email.state for email in await office.emails(other)] == ["sent"]


async def test_what_left_meanwhile_is_not_sent_again_when_it_is_taken_back(office: Office) -> None:
    kept, other, behind, _ = await two_in_one(office)
    [waiting] = await office.emails(kept)
    await set_state(office, waiting, "sending")
    merge_id = await merge(office, kept, other)
    await office.leaves(waiting)
    await merging(office).undo(office.principal, merge_id)

    found = await state(office, behind)
    assert (found.state, found.position) == ("active", 2)
    assert [email.state for email in await office.emails(kept)] == ["sent"]


async def test_an_answer_to_the_merged_record_ends_what_the_kept_one_is_in(office: Office) -> None:
    _, kept, enrollment_id = await office.started()
    _, other, _ = await office.started()
    await office.dispatched()
    [theirs] = await office.emails(other)
    await merge(office, kept, other)

    async with office.units.of(office.organization_id) as unit:
        await office.reactions.replied(unit, theirs, office.clock.now())
    assert ((await state(office, enrollment_id)).state, (await state(office, enrollment_id)).reason) == (
        "finished",
        "replied",
    )


async def test_merges_from_both_sides_leave_one_record(office: Office) -> None:
    one, other = await office.person(), await office.person()
    both = await asyncio.gather(merge(office, one, other), merge(office, other, one), return_exceptions=True)
    assert sorted(isinstance(result, NotFound) for result in both) == [False, True]
    alive = select(contacts.c.id).where(contacts.c.deleted_at.is_(None))
    assert len(await office.rows(alive)) == 1


async def test_the_dispatcher_meets_a_merge_and_writes_one_email(office: Office) -> None:
    for _ in range(5):
        _, other, enrollment_id = await office.started()
        kept = await office.person()
        await asyncio.gather(office.dispatched(), merge(office, kept, other))
        await office.dispatched()
        found = await state(office, enrollment_id)
        assert (found.contact_id, found.state) == (kept, "active")
        assert [email.state for email in await office.emails(kept)] == ["ready"]


async def test_an_opt_out_of_the_merged_record_holds_for_the_kept_one_in_every_order(
    office: Office, watch: Any
) -> None:
    chance = random.Random("opt-out")
    for _ in range(ORDERS):
        _, kept, enrollment_id = await office.started()
        other = await office.person()
        await in_some_order(office, watch, chance, kept, other, lambda unit, id=other: opts_out(office, unit, id))
        [row] = await office.rows(select(contacts.c.opted_out_at).where(contacts.c.id == kept))
        assert row.opted_out_at is not None
        assert ((await state(office, enrollment_id)).state, (await state(office, enrollment_id)).reason) == (
            "finished",
            "opted_out",
        )


async def test_the_last_question_before_sending_meets_a_merge_in_every_order(office: Office, watch: Any) -> None:
    chance = random.Random("send")
    for _ in range(ORDERS):
        _, other, enrollment_id = await office.started()
        kept = await office.person()
        await office.dispatched()
        [email] = await office.emails(other)
        verdicts: dict[Any, Any] = {}

        async def asks(unit: Any, email: Any = email, verdicts: dict[Any, Any] = verdicts) -> None:
            verdicts.update(await office.reactions.may_send(unit, [email], office.clock.now()))

        await in_some_order(office, watch, chance, kept, other, asks)
        assert isinstance(verdicts[email.id], Go)
        found = await state(office, enrollment_id)
        assert (found.contact_id, found.state) == (kept, "active")
        assert len(await office.emails(kept)) == 1


async def in_some_order(
    office: Office, watch: Any, chance: random.Random, kept: ContactId, other: ContactId, act: Any
) -> None:
    """A merge and another transaction, statement by statement."""
    order = [chance.randrange(2) for _ in range(60)]
    merger, somebody = Participant("merge"), Participant("act")
    units = [
        PostgresUnits(SteppedDatabase(office.database, one, []), RandomIds(), office.clock, HASHES)
        for one in (merger, somebody)
    ]

    async def merges() -> None:
        await merging(office, units[0]).merge(office.principal, kept, [other], {})

    async def acts() -> None:
        async with units[1].of(office.organization_id) as unit:
            await act(unit)

    await interleaved(watch, (merger, somebody), (merges, acts), order)


async def opts_out(office: Office, unit: Any, contact_id: ContactId) -> None:
    now = office.clock.now()
    await opt_out(unit, contact_id, now)
    await office.reactions.opted_out(unit, contact_id, now, None)
