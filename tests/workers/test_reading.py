"""What comes back from prospects, from their machines and from mail servers."""

import orjson
import pytest

from domain.contacts.model import Contact
from domain.salesflows.model import Thread
from tests.mailing import Firm, Prospects, Representative, email_step

STEPS = (email_step(), email_step("", "<p>Any thoughts?</p>", amount=60, thread=Thread.REPLY))


@pytest.fixture
async def written_to(firm: Firm, rep: Representative) -> Contact:
    """A contact who has got the first of two emails."""
    [contact] = await firm.contacts(1)
    await firm.enroll(rep, await firm.salesflow(*STEPS), [contact])
    await firm.dispatch()
    await rep.send()
    assert await rep.read()
    return contact


def first_email(prospects: Prospects, contact: Contact) -> dict[str, object]:
    return prospects.inbox(contact.email or "")[-1]


async def test_a_reply_ends_the_salesflow_and_is_recorded_once(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    prospects.act(first_email(prospects, written_to), "reply", text="Sounds good.\n\n> Hi Pat")

    assert await rep.read()
    await firm.sql("update mailboxes set history_cursor = (select cursor_before from emails limit 1)")
    assert await rep.read()

    [detail] = await firm.details(written_to, "email_replied")
    assert orjson.loads(detail) == {"text": "Sounds good."}
    assert await firm.enrollment(written_to) == ("finished", "replied")


async def test_an_out_of_office_pauses(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    prospects.act(first_email(prospects, written_to), "reply", auto="out_of_office", text="I am away.")

    assert await rep.read()

    assert await firm.enrollment(written_to) == ("paused", "out_of_office")
    assert "email_replied" not in await firm.happened(written_to)
    assert "email_auto_replied" in await firm.happened(written_to)


async def test_an_automatic_answer_changes_nothing(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    prospects.act(first_email(prospects, written_to), "reply", auto="auto_reply", text="We have received your message.")

    assert await rep.read()

    assert await firm.enrollment(written_to) == ("active", None)
    assert "email_auto_replied" in await firm.happened(written_to)


async def test_a_hard_bounce_marks_the_contact_and_ends_the_salesflow(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    prospects.act(first_email(prospects, written_to), "bounce", kind="hard")

    assert await rep.read()

    assert await firm.enrollment(written_to) == ("finished", "bounced")
    assert [row["email_state"] for row in await firm.sql("select email_state from contacts")] == ["bounced"]
    [detail] = await firm.details(written_to, "email_failed")
    assert orjson.loads(detail)["bounce"] == "hard"
    assert orjson.loads(detail)["code"] == "5.1.1"


async def test_a_soft_bounce_is_only_told(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    prospects.act(first_email(prospects, written_to), "bounce", kind="soft")

    assert await rep.read()

    assert await firm.enrollment(written_to) == ("active", None)
    assert [row["email_state"] for row in await firm.sql("select email_state from contacts")] == ["ok"]
    assert "email_failed" in await firm.happened(written_to)


async def test_who_asks_to_be_left_alone_is_left_alone(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    prospects.act(first_email(prospects, written_to), "reply", text="Please remove me from your list.")

    assert await rep.read()

    assert "contact_unsubscribed" in await firm.happened(written_to)
    assert (await firm.enrollment(written_to))[0] == "finished"


async def test_other_peoples_mail_leaves_no_trace(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    stranger = f"stranger@{firm.name}.example"
    token = prospects.ask("POST", "tokens", json={"provider": "google", "account": stranger})["access_token"]
    mail = f"From: {stranger}\r\nTo: {rep.address}\r\nSubject: Dinner?\r\n\r\nAt eight?\r\n"
    prospects.http.post(
        "/google/upload/gmail/v1/users/me/messages/send?uploadType=media",
        content=mail.encode(),
        headers={"authorization": f"Bearer {token}", "content-type": "message/rfc822"},
    ).raise_for_status()

    assert await rep.read()

    assert [dict(row) for row in await firm.sql("select * from inbound_messages")] == []


async def test_what_came_in_while_the_history_expired_is_found(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    prospects.act(first_email(prospects, written_to), "reply", text="Sounds good.")
    prospects.ask("POST", "google/history/expire", json={"account": rep.address})

    assert await rep.read()
    assert await rep.read()

    assert (await firm.happened(written_to)).count("email_replied") == 1
    assert (await rep.mailbox()).state.value == "connected"


async def test_an_answer_from_another_address_is_known_by_its_thread(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    message = first_email(prospects, written_to)
    prospects.act(message, "reply", text="Answering for Pat.", **{"from": f"colleague@{firm.name}.example"})

    assert await rep.read()

    assert await firm.enrollment(written_to) == ("finished", "replied")


async def test_a_provider_that_is_away_moves_no_cursor(
    rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    before = (await rep.mailbox()).history_cursor
    prospects.act(first_email(prospects, written_to), "reply", text="Sounds good.")
    prospects.faults({"path": "/history", "kind": "status", "status": 500})

    assert not await rep.read()

    assert (await rep.mailbox()).history_cursor == before
