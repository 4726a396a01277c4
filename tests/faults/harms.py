"""What the guards prevent. Each is played through, to the prospects' inboxes where they are concerned, and says whether
the harm was done."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy.exc import DBAPIError

from adapters.postgres.connection import APPLICATION, opening
from domain.accounts.model import NewUser
from domain.contacts.model import Contact, NewContact
from domain.emails.model import Go, OutgoingEmail
from domain.salesflows.delays import DelayUnit
from domain.shared.errors import AlreadyExists, IdempotencyKeyReused
from domain.shared.ids import EmailId, EnrollmentId, SalesflowId
from domain.shared.principal import Role
from tests.adapters.postgres.flows import claimed
from tests.faults.guards import Bench
from tests.mailing import PASSWORD, Firm, email_step, found_firm
from tests.workers.interruptions import interrupt

Harm = Callable[[Bench], Awaitable[bool]]
REFUSED = (asyncpg.PostgresError, DBAPIError)
TOMORROW = email_step("Still there?", amount=1, unit=DelayUnit.DAYS)


# A step is executed once.


async def a_step_that_is_written_twice_is_sent_twice(bench: Bench) -> bool:
    """By a dispatcher that was believed dead and goes on with what it had claimed."""
    contact, now = await enrolled(bench), bench.services.clock.now()
    async with bench.services.units.system() as unit:
        batch = await claimed(unit, now)
    for _ in range(2):
        with suppress(*REFUSED):
            async with bench.services.units.system() as unit:
                await unit.dispatch.record(batch(), now)
        await bench.rep.send()
    return letters(bench, contact) > 1


async def a_second_email_of_a_step_is_sent(bench: Bench) -> bool:
    """Whoever may have written it."""
    contact = await dispatched(bench)
    await bench.rep.send()
    same = "organization_id, mailbox_id, user_id, contact_id, salesflow_id, enrollment_id, step_run_id, step_id, due_at"
    copy = f"select gen_random_uuid(), 'another', 'ready', variant_id, created_at, {same} from emails"
    with suppress(*REFUSED):
        await bench.firm.sql(f"insert into emails (id, send_key, state, variant_id, created_at, {same}) {copy}")
    await bench.rep.send()
    return letters(bench, contact) > 1


async def a_slow_dispatcher_forgets_a_journey(bench: Bench) -> bool:
    """Both have taken the same step; the slower one writes when its email has left, and nothing is planned any more."""
    await enrolled(bench)
    now = bench.services.clock.now()
    async with bench.services.units.system() as slow:
        batch = await claimed(slow, now)
        await bench.firm.dispatch()
        await bench.rep.send()
        await slow.dispatch.record(batch(), now)
    await bench.rep.send()
    [journey] = await bench.firm.sql("select state, due_at from enrollments")
    return (journey["state"], journey["due_at"]) == ("active", None)


async def a_contact_goes_through_a_salesflow_twice_at_once(bench: Bench) -> bool:
    contact = await enrolled(bench)
    [row] = await bench.firm.sql("select id from enrollments")
    async with bench.services.units.of(bench.organization_id) as unit:
        [journey] = (await unit.enrollments.lock([row["id"]])).values()
        await unit.enrollments.add([replace(journey, id=EnrollmentId(uuid4()))])
    await bench.firm.dispatch()
    await bench.rep.send()
    return letters(bench, contact) > 1


# A person has one record, one account; a request is done once, an answer counts once.


async def a_person_with_two_records_is_written_to_twice(bench: Bench) -> bool:
    contacts = await bench.firm.contacts(2, email=f"{uuid4().hex}@prospect.example")
    await bench.firm.enroll(bench.rep, await bench.firm.salesflow(), contacts)
    await bench.firm.dispatch()
    await bench.rep.send()
    return letters(bench, contacts[0]) > 1


async def an_address_signs_in_to_two_organizations(bench: Bench) -> bool:
    strangers = await others(bench)
    same = NewUser("Rob Rep", bench.rep.address, Role.CONTRIBUTOR, PASSWORD)
    with suppress(AlreadyExists):
        await bench.services.accounts.create_user(strangers.administrator, same, any_password=True)
    return await bench.count("credentials where email_key = $1", bench.rep.address) > 1


@dataclass
class Answer:
    status_code: int = 201
    body: bytes = b"{}"


async def a_repeated_request_is_done_twice(bench: Bench) -> bool:
    """Both come at once: when neither is done, neither is known."""
    both_began = asyncio.Barrier(2)

    async def act() -> Answer:
        await both_began.wait()
        await bench.services.contacts.create(bench.rep.principal, NewContact("Once"))
        return Answer()

    async def request() -> None:
        with suppress(IdempotencyKeyReused):
            await bench.services.idempotency.once(bench.rep.principal, "key", b"hash", act)

    await asyncio.gather(request(), request())
    return len(await bench.firm.sql("select id from contacts")) > 1


async def an_answer_is_told_twice(bench: Bench) -> bool:
    """Two read the mailbox at once."""
    contact = await dispatched(bench)
    await bench.rep.send()
    await bench.rep.read()
    bench.prospects.act(bench.prospects.inbox(contact.email or "")[0], "reply", text="Sounds good.")
    interrupt(bench.monkeypatch, bench.services, "raw_message", before=bench.rep.read)
    await bench.rep.read()
    return (await bench.firm.happened(contact)).count("email_replied") > 1


# A worker owns a mailbox.


async def two_workers_are_given_the_same_mailbox(bench: Bench) -> bool:
    leases = [await taken_over(bench) for _ in range(2)]
    assert leases[0]
    return leases[1]


async def two_workers_that_ask_at_once_are_given_the_same_mailbox(bench: Bench) -> bool:
    mailbox = await bench.rep.mailbox()
    async with asyncio.timeout(20), bench.services.units.of(bench.organization_id) as unit:
        assert await unit.mailboxes.lease(mailbox.id, 60)
        asking = asyncio.ensure_future(taken_over(bench))
        await ended_or_held_up(bench, asking)
    return await asking


async def a_worker_that_slept_sends_from_anothers_mailbox(bench: Bench) -> bool:
    contact = await dispatched(bench)

    async def sleeps() -> None:
        await bench.firm.patience_is_over()
        assert await taken_over(bench)

    interrupt(bench.monkeypatch, bench.services, "create_draft", before=sleeps)
    await bench.rep.send()
    return letters(bench, contact) > 0


async def two_drafts_of_an_email_are_sent(bench: Bench) -> bool:
    """A worker slept before it made its draft; who took over is about to send another one."""
    contact = await dispatched(bench)
    about_to_send, awake = asyncio.Event(), asyncio.Event()
    successor: list[asyncio.Future[None]] = []

    async def sleeps() -> None:
        await bench.firm.patience_is_over()
        successor.append(asyncio.ensure_future(bench.rep.send()))
        await about_to_send.wait()

    async def hesitates() -> None:
        about_to_send.set()
        await awake.wait()

    interrupt(bench.monkeypatch, bench.services, "create_draft", before=sleeps)
    interrupt(bench.monkeypatch, bench.services, "send_draft", before=hesitates)
    async with asyncio.timeout(20):
        await bench.rep.send()
        awake.set()
        await successor[0]
    return letters(bench, contact) > 1


async def an_email_is_told_twice_to_have_left(bench: Bench) -> bool:
    """Who sent it slept before recording it; who took over has found it among what was sent."""
    contact = await dispatched(bench)

    async def sleeps() -> None:
        await bench.firm.patience_is_over()
        await bench.rep.send()

    interrupt(bench.monkeypatch, bench.services, "send_draft", after=sleeps)
    await bench.rep.send()
    return (await bench.firm.happened(contact)).count("email_sent") > 1


# A stop that was committed first wins.


async def an_email_leaves_after_its_journey_ended(bench: Bench) -> bool:
    async def stop(email: OutgoingEmail) -> None:
        salesflow_id, enrollment_id = SalesflowId(email.salesflow_id), EnrollmentId(email.enrollment_id)  # type: ignore[arg-type]
        await bench.services.journeys.stop(bench.firm.administrator, salesflow_id, enrollment_id)

    return await is_overtaken(bench, stop)


async def an_email_leaves_after_its_contact_was_deleted(bench: Bench) -> bool:
    async def delete(email: OutgoingEmail) -> None:
        await bench.services.contacts.delete(bench.firm.administrator, email.contact_id)

    return await is_overtaken(bench, delete)


async def an_email_leaves_after_its_salesflow_was_paused(bench: Bench) -> bool:
    async def pause(email: OutgoingEmail) -> None:
        await bench.services.salesflows.pause(bench.firm.administrator, SalesflowId(email.salesflow_id))  # type: ignore[arg-type]

    return await is_overtaken(bench, pause)


async def an_email_leaves_after_its_organization_was_paused(bench: Bench) -> bool:
    async def pause(_: OutgoingEmail) -> None:
        await bench.firm.sql("update organizations set dispatch_paused = true")

    return await is_overtaken(bench, pause)


# An organization is alone with its rows.


async def an_organization_finds_anothers_contact(bench: Bench) -> bool:
    [theirs] = await (await others(bench)).contacts(1)
    async with bench.services.units.of(bench.organization_id) as unit:
        return await unit.contacts.find_by_email(theirs.email_key) is not None


async def an_organization_writes_into_another_one(bench: Bench) -> bool:
    theirs = (await others(bench)).administrator.organization_id
    return await is_accepted(
        bench,
        "insert into contact_statuses (organization_id, id, label, color, position) "
        "values ($1, gen_random_uuid(), 'Ours', '#000000', 9)",
        theirs,
    )


async def a_row_points_into_another_organization(bench: Bench) -> bool:
    await enrolled(bench)
    [theirs] = await (await others(bench)).contacts(1)
    return await is_accepted(bench, "update enrollments set contact_id = $1", theirs.id)


async def a_used_connection_fails_where_a_new_one_sees_nothing(bench: Bench) -> bool:
    """In a transaction without an organization: the setting of the transaction before has left an empty string."""
    connection = await asyncpg.connect(bench.services.settings.database_url.replace("+asyncpg", ""))
    seen: list[Any] = []
    for organization_id in (None, bench.organization_id, None):
        await connection.execute(opening(APPLICATION, organization_id))
        try:
            seen.append(len(await connection.fetch("select 1 from contact_statuses")))
        except asyncpg.DataError:
            seen.append("failed")
        await connection.execute("ROLLBACK")
    await connection.close()
    assert seen[0] == 0
    assert seen[1] > 0
    return bool(seen[2] != 0)


async def what_happened_is_rewritten(bench: Bench) -> bool:
    await bench.firm.contacts(1)
    return await is_accepted(bench, "update activities set type = 'never_happened'")


# For arranging, and for looking.


async def enrolled(bench: Bench) -> Contact:
    """A contact whose first email is due; the second one comes a day later."""
    [contact] = await bench.firm.contacts(1)
    await bench.firm.enroll(bench.rep, await bench.firm.salesflow(email_step(), TOMORROW), [contact])
    return contact


async def dispatched(bench: Bench) -> Contact:
    """A contact whose first email waits to be written and sent."""
    contact = await enrolled(bench)
    await bench.firm.dispatch()
    return contact


async def others(bench: Bench) -> Firm:
    """Another organization in the same database."""
    return await found_firm(bench.services, bench.prospects)


async def taken_over(bench: Bench) -> bool:
    """Whether another worker is given the mailbox, if it asks now."""
    mailbox = await bench.rep.mailbox()
    async with bench.services.units.of(bench.organization_id) as unit:
        return await unit.mailboxes.lease(mailbox.id, 60) is not None


def letters(bench: Bench, contact: Contact) -> int:
    return len(bench.prospects.inbox(contact.email or ""))


async def is_accepted(bench: Bench, statement: str, *arguments: Any) -> bool:
    """Whether the firm may do this."""
    try:
        await bench.firm.sql(statement, *arguments)
    except (asyncpg.InsufficientPrivilegeError, asyncpg.IntegrityConstraintViolationError):
        return False
    return True


async def ended_or_held_up(bench: Bench, task: asyncio.Future[Any]) -> None:
    """Until it is over, or waits for a lock."""
    while not task.done() and not await bench.somebody_waits():
        continue


async def is_overtaken(bench: Bench, stop: Callable[[OutgoingEmail], Awaitable[None]]) -> bool:
    """Whether a stop that comes after the last question is committed before the answer, which lets the email go."""
    await dispatched(bench)
    [row] = await bench.firm.sql("select id from emails")
    async with asyncio.timeout(20), bench.services.units.of(bench.organization_id) as unit:
        email = await unit.emails.get(EmailId(row["id"]))
        verdicts = await bench.services.reactions.may_send(unit, [email], bench.services.clock.now())
        stopping = asyncio.ensure_future(stop(email))
        await ended_or_held_up(bench, stopping)
        overtaken = stopping.done()
    await stopping
    assert isinstance(verdicts[email.id], Go)
    return overtaken
