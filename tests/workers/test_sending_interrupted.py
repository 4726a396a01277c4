"""What happens in the middle of a worker's turn: disconnecting, pausing, moving, dying, being overtaken."""

import asyncio
from datetime import timedelta

import pytest

from domain.connections.model import Provider
from domain.contacts.model import Contact
from domain.emails.turn import SendingRules
from tests.mailing import Firm, Prospects, Representative, eventually
from tests.workers.interruptions import interrupt


async def due_emails(firm: Firm, rep: Representative, count: int) -> list[Contact]:
    contacts = await firm.contacts(count)
    await firm.enroll(rep, await firm.salesflow(), contacts)
    await firm.dispatch()
    return contacts


def arrived(prospects: Prospects, contacts: list[Contact]) -> int:
    return sum(len(prospects.inbox(contact.email or "")) for contact in contacts)


async def test_disconnecting_stops_the_turn_that_is_under_way(
    firm: Firm, rep: Representative, prospects: Prospects, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = await due_emails(firm, rep, 4)

    async def disconnect() -> None:
        await firm.services.connections.disconnect(rep.principal, Provider.GOOGLE)

    interrupt(monkeypatch, firm.services, "send_draft", after=disconnect)
    await rep.send()

    assert arrived(prospects, contacts) == 1


async def test_disconnecting_before_the_last_question_stops_the_email(
    firm: Firm, rep: Representative, prospects: Prospects, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = await due_emails(firm, rep, 1)

    async def disconnect() -> None:
        await firm.services.connections.disconnect(rep.principal, Provider.GOOGLE)

    interrupt(monkeypatch, firm.services, "create_draft", after=disconnect)
    await rep.send()

    assert arrived(prospects, contacts) == 0


async def test_a_pause_stops_the_turn_that_is_under_way(
    firm: Firm, rep: Representative, prospects: Prospects, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = await due_emails(firm, rep, 3)
    mailbox = await rep.mailbox()

    async def pause() -> None:
        until = firm.services.clock.system() + timedelta(hours=1)
        async with firm.services.units.of(mailbox.organization_id) as unit:
            await unit.mailboxes.pause(mailbox.id, until, "blocked")

    interrupt(monkeypatch, firm.services, "create_draft", after=pause)
    await rep.send()

    assert arrived(prospects, contacts) == 0


async def test_a_shorter_pause_does_not_end_a_longer_one(firm: Firm, rep: Representative) -> None:
    mailbox, now = await rep.mailbox(), firm.services.clock.system()
    async with firm.services.units.of(mailbox.organization_id) as unit:
        await unit.mailboxes.pause(mailbox.id, now + timedelta(hours=2), "blocked")
        await unit.mailboxes.pause(mailbox.id, now + timedelta(hours=1), "throttled")

    paused = await rep.mailbox()
    assert (paused.paused_until, paused.paused_reason) == (now + timedelta(hours=2), "blocked")


async def test_the_lease_is_prolonged_while_the_provider_takes_its_time(
    firm: Firm, rep: Representative, prospects: Prospects, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = await due_emails(firm, rep, 1)
    monkeypatch.setattr(firm.services.sending, "_rules", SendingRules(0.6, 0.5))

    async def lease() -> object:
        return (await firm.sql("select lease_until from mailboxes"))[0]["lease_until"]

    async def take_long() -> None:
        first = await lease()

        async def prolonged() -> bool:
            return await lease() != first

        await eventually("the lease is prolonged", prolonged, seconds=10)

    interrupt(monkeypatch, firm.services, "send_draft", before=take_long)
    await rep.send()

    assert arrived(prospects, contacts) == 1
    assert await firm.states() == {"sent": 1}


async def test_a_worker_that_slept_until_a_stop_finds_its_draft_gone(
    firm: Firm, rep: Representative, prospects: Prospects, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = await due_emails(firm, rep, 1)

    async def sleep_while_others_act() -> None:
        await firm.patience_is_over()
        await firm.services.contacts.delete(firm.administrator, contacts[0].id)
        await rep.send()

    interrupt(monkeypatch, firm.services, "send_draft", before=sleep_while_others_act)
    await rep.send()

    assert arrived(prospects, contacts) == 0
    assert await firm.states() == {"cancelled": 1}


@pytest.mark.parametrize("call", ["draft_exists", "send_draft"])
async def test_whoever_looks_up_what_a_sleeping_worker_left_may_die_as_well(
    firm: Firm, rep: Representative, prospects: Prospects, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    contacts = await due_emails(firm, rep, 1)

    async def die() -> None:
        raise asyncio.CancelledError

    async def sleep_while_others_die() -> None:
        await firm.patience_is_over()
        interrupt(monkeypatch, firm.services, call, after=die)
        with pytest.raises(asyncio.CancelledError):
            await rep.send()

    interrupt(monkeypatch, firm.services, "send_draft", before=sleep_while_others_die)
    await rep.send()
    await firm.patience_is_over()
    await rep.send()

    assert arrived(prospects, contacts) == 1
    assert await firm.states() == {"sent": 1}
    assert prospects.drafts(rep.address) == []


async def test_a_draft_that_somebody_else_sent_meanwhile_is_no_failure(
    firm: Firm, rep: Representative, prospects: Prospects, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = await due_emails(firm, rep, 1)

    async def sent_by_hand() -> None:
        [row] = await firm.sql("select draft_id from emails")
        await firm.services.mail_access.open(await rep.mailbox()).send_draft(row["draft_id"])

    interrupt(monkeypatch, firm.services, "send_draft", before=sent_by_hand)
    await rep.send()
    await firm.patience_is_over()
    await rep.send()

    assert arrived(prospects, contacts) == 1
    assert await firm.states() == {"sent": 1}


async def test_a_sleeping_worker_that_was_faster_than_a_stop_is_believed(
    firm: Firm, rep: Representative, prospects: Prospects, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = await due_emails(firm, rep, 1)

    async def die() -> None:
        raise asyncio.CancelledError

    interrupt(monkeypatch, firm.services, "send_draft", after=die)
    with pytest.raises(asyncio.CancelledError):
        await rep.send()
    await firm.sql("update emails set state = 'cancelled'")

    await rep.send()

    assert arrived(prospects, contacts) == 1
    assert await firm.states() == {"sent": 1}


async def test_a_draft_that_a_cancelled_worker_could_not_record_is_swept(
    firm: Firm, rep: Representative, prospects: Prospects, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = await due_emails(firm, rep, 1)

    async def cancelled() -> None:
        raise asyncio.CancelledError

    interrupt(monkeypatch, firm.services, "create_draft", after=cancelled)
    with pytest.raises(asyncio.CancelledError):
        await rep.send()
    assert len(prospects.drafts(rep.address)) == 1

    await rep.send()

    assert prospects.drafts(rep.address) == []
    assert arrived(prospects, contacts) == 1


async def test_a_worker_that_slept_before_tidying_up_leaves_the_drafts_of_its_successor_alone(
    firm: Firm, rep: Representative, prospects: Prospects, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = await due_emails(firm, rep, 1)
    about_to_send, awake = asyncio.Event(), asyncio.Event()
    successor: list[asyncio.Future[None]] = []

    async def die() -> None:
        raise asyncio.CancelledError

    async def sleep_while_another_takes_over() -> None:
        await firm.patience_is_over()
        successor.append(asyncio.ensure_future(rep.send()))
        await about_to_send.wait()

    async def hesitate() -> None:
        about_to_send.set()
        await awake.wait()

    interrupt(monkeypatch, firm.services, "create_draft", before=die)
    with pytest.raises(asyncio.CancelledError):
        await rep.send()
    interrupt(monkeypatch, firm.services, "drafts_of", before=sleep_while_another_takes_over)
    interrupt(monkeypatch, firm.services, "send_draft", before=hesitate)
    async with asyncio.timeout(20):
        await rep.send()
        awake.set()
        await successor[0]

    assert arrived(prospects, contacts) == 1
    assert await firm.states() == {"sent": 1}


async def test_an_unforeseen_fault_paces_the_mailbox(
    firm: Firm, rep: Representative, monkeypatch: pytest.MonkeyPatch
) -> None:
    await due_emails(firm, rep, 1)

    async def fault() -> None:
        raise ZeroDivisionError

    interrupt(monkeypatch, firm.services, "create_draft", before=fault)
    with pytest.raises(ZeroDivisionError):
        await rep.send()

    next_send_at = (await rep.mailbox()).next_send_at
    assert next_send_at is not None
    assert next_send_at > firm.services.clock.system() + timedelta(seconds=2)


async def test_an_email_that_moves_while_it_is_drafted_keeps_no_draft_of_the_old_mailbox(
    firm: Firm, rep: Representative, prospects: Prospects, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = await due_emails(firm, rep, 1)

    async def move() -> None:
        await rep.connected(f"other.{rep.address}")
        async with firm.services.units.system() as unit:
            await unit.emails.move_to_current_mailboxes()

    former = await rep.mailbox()
    interrupt(monkeypatch, firm.services, "create_draft", after=move)
    assert await firm.services.sending.run(former.organization_id, former.id)
    [row] = await firm.sql("select state, draft_id, mailbox_id from emails")
    assert (row["state"], row["draft_id"]) == ("ready", None)
    assert row["mailbox_id"] != former.id

    await rep.send()

    [message] = prospects.inbox(contacts[0].email or "")
    assert f"other.{rep.address}" in message["from"]


async def test_a_draft_that_cannot_be_deleted_holds_up_nothing(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    [stopped] = await due_emails(firm, rep, 1)
    prospects.faults({"path": "/drafts/send", "kind": "status", "status": 429, "count": 1})
    await rep.send()
    await firm.services.contacts.delete(firm.administrator, stopped.id)
    await firm.patience_is_over()
    await rep.send()
    assert await firm.states() == {"cancelled": 1}
    [other] = await due_emails(firm, rep, 1)
    prospects.faults({"path": "/drafts/", "method": "DELETE", "kind": "status", "status": 400})

    await rep.send()

    assert arrived(prospects, [other]) == 1
    assert [row["draft_id"] for row in await firm.sql("select draft_id from emails")] == [None, None]


async def test_two_users_of_one_account_leave_each_others_drafts_alone(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    other = await firm.hire()
    await other.connected(rep.address)
    [contact] = await due_emails(firm, other, 1)
    prospects.faults({"path": "/drafts/send", "kind": "status", "status": 429, "count": 1})
    await other.send()
    await due_emails(firm, rep, 1)
    await firm.sql("update mailboxes set lease_until = clock_timestamp() - interval '1 second'")

    await rep.send()

    assert len(prospects.drafts(rep.address)) == 1
    await firm.patience_is_over()
    await other.send()
    assert arrived(prospects, [contact]) == 1
