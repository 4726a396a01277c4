"""From a due step to a prospect's inbox, whatever the provider does."""

import asyncio
from datetime import timedelta

from domain.contacts.model import Contact
from domain.salesflows.model import Thread
from tests.mailing import Firm, Prospects, Representative, email_step

FOLLOW_UP = email_step("", "<p>Any thoughts, {{ contact.first_name }}?</p>", thread=Thread.REPLY)


async def enrolled(firm: Firm, rep: Representative, *steps: object) -> Contact:
    [contact] = await firm.contacts(1)
    await firm.enroll(rep, await firm.salesflow(*steps), [contact])  # type: ignore[arg-type]
    await firm.dispatch()
    return contact


async def test_a_due_step_reaches_the_prospect_once(firm: Firm, rep: Representative, prospects: Prospects) -> None:
    contact = await enrolled(firm, rep)

    await rep.send()
    await rep.send()

    [message] = prospects.inbox(contact.email or "")
    assert message["subject"] == "Hello Pat"
    assert rep.address in message["from"]
    assert await firm.states() == {"sent": 1}
    assert await firm.happened(contact) == ["contact_created", "salesflow_started", "email_sent", "salesflow_finished"]


async def test_the_message_id_that_receivers_see_is_kept(firm: Firm, rep: Representative, prospects: Prospects) -> None:
    contact = await enrolled(firm, rep)

    await rep.send()

    [row] = await firm.sql("select message_id from emails")
    assert row["message_id"] == prospects.inbox(contact.email or "")[0]["message_id"]


async def test_a_follow_up_answers_the_email_before(firm: Firm, rep: Representative, prospects: Prospects) -> None:
    contact = await enrolled(firm, rep, email_step(), FOLLOW_UP)
    await rep.send()
    await firm.dispatch()
    await rep.send()

    second, first = prospects.inbox(contact.email or "")
    assert second["headers"]["In-Reply-To"] == first["message_id"]
    assert second["subject"] == "Re: Hello Pat"


async def test_a_message_id_that_could_not_be_read_is_read_for_the_follow_up(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    contact = await enrolled(firm, rep, email_step(), FOLLOW_UP)
    prospects.faults({"path": "/messages", "kind": "status", "status": 503, "count": 1})
    await rep.send()
    assert [row["message_id"] for row in await firm.sql("select message_id from emails")] == [None]

    await firm.dispatch()
    await rep.send()

    second, first = prospects.inbox(contact.email or "")
    assert second["headers"]["In-Reply-To"] == first["message_id"]


async def test_an_answer_that_nobody_has_read_yet_stops_the_follow_up(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    contact = await enrolled(firm, rep, email_step(), FOLLOW_UP)
    await rep.send()
    await firm.dispatch()
    prospects.act(prospects.inbox(contact.email or "")[0], "reply", text="Thanks, no.")

    await rep.send()

    assert len(prospects.inbox(contact.email or "")) == 1
    assert await firm.enrollment(contact) == ("finished", "replied")


async def test_a_follow_up_waits_while_the_mailbox_cannot_be_read(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    contact = await enrolled(firm, rep, email_step(), FOLLOW_UP)
    await rep.send()
    await firm.dispatch()
    prospects.faults({"path": "/history", "kind": "status", "status": 503})

    await rep.send()

    assert len(prospects.inbox(contact.email or "")) == 1
    assert (await firm.states())["ready"] == 1


async def test_what_was_accepted_before_the_line_broke_is_found_and_not_sent_again(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    contact = await enrolled(firm, rep)
    prospects.faults({"path": "/drafts/send", "kind": "accepted_then_reset", "count": 1})
    await rep.send()
    assert await firm.states() == {"unknown": 1}

    await firm.patience_is_over()
    await rep.send()

    assert len(prospects.inbox(contact.email or "")) == 1
    assert await firm.states() == {"sent": 1}


async def test_garbage_instead_of_an_answer_leaves_it_unknown_until_it_is_looked_up(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    contact = await enrolled(firm, rep)
    prospects.faults({"path": "/drafts/send", "kind": "garbage", "accepted": True, "count": 1})
    await rep.send()

    await firm.patience_is_over()
    await rep.send()

    assert len(prospects.inbox(contact.email or "")) == 1
    assert await firm.states() == {"sent": 1}


async def test_a_failure_that_sent_nothing_is_proven_by_the_draft_and_sent_again(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    contact = await enrolled(firm, rep)
    prospects.faults({"path": "/drafts/send", "kind": "status", "status": 500, "count": 1})
    await rep.send()
    assert await firm.states() == {"unknown": 1}

    await firm.patience_is_over()
    await rep.send()

    assert len(prospects.inbox(contact.email or "")) == 1
    assert await firm.states() == {"sent": 1}


async def test_a_stop_while_it_is_unknown_wins_when_nothing_was_sent(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    contact = await enrolled(firm, rep)
    prospects.faults({"path": "/drafts/send", "kind": "status", "status": 500, "count": 1})
    await rep.send()
    await firm.services.contacts.delete(firm.administrator, contact.id)

    await firm.patience_is_over()
    await rep.send()
    await firm.patience_is_over()
    await rep.send()

    assert prospects.inbox(contact.email or "") == []
    assert await firm.states() == {"cancelled": 1}
    assert prospects.drafts(rep.address) == []


async def test_what_is_nowhere_to_be_found_waits_for_a_person(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    await enrolled(firm, rep)
    prospects.faults({"path": "/drafts/send", "kind": "status", "status": 500, "count": 1})
    await rep.send()
    [row] = await firm.sql("select draft_id from emails")
    token = prospects.ask("POST", "tokens", json={"provider": "google", "account": rep.address})["access_token"]
    prospects.http.delete(
        f"/google/gmail/v1/users/me/drafts/{row['draft_id']}", headers={"authorization": f"Bearer {token}"}
    )

    for _ in range(4):
        await firm.patience_is_over()
        await rep.send()

    assert await firm.states() == {"needs_human": 1}


async def test_a_throttled_mailbox_pauses_until_the_time_that_is_named(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    contact = await enrolled(firm, rep)
    prospects.faults({"path": "/drafts/send", "kind": "status", "status": 429, "retry_after": 600, "count": 1})

    await rep.send()

    until = (await rep.mailbox()).paused_until
    assert until is not None
    assert timedelta(minutes=9) < until - firm.services.clock.system() < timedelta(minutes=11)
    assert await firm.states() == {"drafted": 1}
    await firm.patience_is_over()
    await rep.send()
    assert len(prospects.inbox(contact.email or "")) == 1


async def test_a_withdrawn_access_waits_for_the_user_and_fails_nothing(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    contact = await enrolled(firm, rep)
    prospects.revoke(rep.address)

    await rep.send()

    assert (await rep.mailbox()).state.value == "needs_reconnect"
    assert await firm.states() == {"ready": 1}
    await rep.connected()
    await rep.send()
    assert len(prospects.inbox(contact.email or "")) == 1


async def test_a_day_has_room_for_so_many_emails(firm: Firm, rep: Representative, prospects: Prospects) -> None:
    contacts = await firm.contacts(3)
    await firm.enroll(rep, await firm.salesflow(), contacts)
    await firm.dispatch()
    await firm.sql("update mailboxes set per_day = 2")

    await rep.send()

    assert await firm.states() == {"sent": 2, "ready": 1}
    assert sum(len(prospects.inbox(contact.email or "")) for contact in contacts) == 2
    assert prospects.drafts(rep.address) == []


async def test_of_many_workers_one_sends(firm: Firm, rep: Representative, prospects: Prospects) -> None:
    contacts = await firm.contacts(5)
    await firm.enroll(rep, await firm.salesflow(), contacts)
    await firm.dispatch()
    mailbox = await rep.mailbox()

    took = await asyncio.gather(*(firm.services.sending.run(mailbox.organization_id, mailbox.id) for _ in range(6)))

    assert took.count(True) >= 1
    assert [len(prospects.inbox(contact.email or "")) for contact in contacts] == [1] * 5


async def test_an_email_whose_contact_lacks_a_field_is_held_until_it_has_it(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    [contact] = await firm.contacts(1, city="Springfield")
    await firm.enroll(rep, await firm.salesflow(email_step("From {{ contact.city }}")), [contact])
    await firm.sql("update contacts set city = null")
    await firm.dispatch()

    await rep.send()

    assert prospects.inbox(contact.email or "") == []
    assert await firm.enrollment(contact) == ("paused", "needs_data")


async def test_emails_of_an_exchanged_account_leave_from_the_new_one(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    contact = await enrolled(firm, rep)
    prospects.faults({"path": "/drafts/send", "kind": "status", "status": 429, "count": 1})
    await rep.send()
    assert await firm.states() == {"drafted": 1}
    await rep.connected(f"other.{rep.address}")

    async with firm.services.units.system() as unit:
        await unit.emails.move_to_current_mailboxes()
    await rep.send()

    [message] = prospects.inbox(contact.email or "")
    assert f"other.{rep.address}" in message["from"]


async def test_an_answer_to_what_nobody_knows_to_have_left_is_proof_and_stops(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    contact = await enrolled(firm, rep, email_step(), FOLLOW_UP)
    prospects.faults({"path": "/drafts/send", "kind": "accepted_then_reset", "count": 1})
    await rep.send()
    assert (await firm.states())["unknown"] == 1
    prospects.act(prospects.inbox(contact.email or "")[0], "reply", text="Thanks, no.")

    assert await rep.read()
    await firm.patience_is_over()
    await rep.send()

    assert await firm.enrollment(contact) == ("finished", "replied")
    assert await firm.states() == {"sent": 1}


async def test_an_email_on_which_the_provider_chokes_holds_up_no_other(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    contacts = await firm.contacts(2)
    await firm.enroll(rep, await firm.salesflow(), contacts)
    await firm.dispatch()
    prospects.faults({"path": "/drafts", "method": "POST", "kind": "status", "status": 500, "count": 1})
    await rep.send()

    await firm.patience_is_over()
    await rep.send()

    assert await firm.states() == {"sent": 1, "ready": 1}


async def test_patience_that_nobody_measures_doubles_and_ends_with_the_first_success(
    firm: Firm, rep: Representative, prospects: Prospects
) -> None:
    await enrolled(firm, rep)
    prospects.ask("PUT", "limits", json={"units_per_minute": 0})
    waits = []
    for _ in range(2):
        await rep.send()
        until = (await rep.mailbox()).paused_until
        assert until is not None
        waits.append(round((until - firm.services.clock.system()).total_seconds() / 60))
        await firm.patience_is_over()

    prospects.ask("PUT", "limits", json={"units_per_minute": 15_000})
    await rep.send()

    assert waits == [1, 2]
    assert (await rep.mailbox()).throttles == 0
