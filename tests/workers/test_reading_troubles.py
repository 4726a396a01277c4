"""Messages that would mislead or stop a mailbox, and backlogs that are longer than a turn."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import orjson
import pytest

from adapters.google.adapter import CHANGES
from adapters.postgres.emails import PostgresEmails
from domain.contacts.model import Contact
from domain.emails.inbound import read_message
from domain.emails.threading import Clues, Match, MatchedBy
from domain.providers.mailbox import MessageHeaders
from tests.mailing import Firm, Prospects, Representative, email_step, eventually

STEPS = (email_step(), email_step("Later", amount=60))
USED = "select idx_scan from pg_stat_user_indexes where indexrelname = 'emails_by_recipient'"
GOOGLE = "mailer-daemon@googlemail.com"
SIGNED = "Authentication-Results: mx.google.com; dkim=pass header.i=@googlemail.com header.s=20230601 header.b=abc"


@pytest.fixture
async def written_to(firm: Firm, rep: Representative) -> Contact:
    """A contact who has got the first of two emails."""
    [contact] = await firm.contacts(1)
    await firm.enroll(rep, await firm.salesflow(*STEPS), [contact])
    await firm.dispatch()
    await rep.send()
    assert await rep.read()
    return contact


async def write(rep: Representative, sender: str, *lines: str, times: int = 1) -> None:
    """Mail as `sender` writes it: headers, an empty line, the text."""
    prospects = rep.prospects
    token = prospects.ask("POST", "tokens", json={"provider": "google", "account": sender})["access_token"]
    headers = {"authorization": f"Bearer {token}", "content-type": "message/rfc822"}
    start = [] if lines[0].startswith("From:") else [f"From: {sender}"]
    mail = "\r\n".join([*start, f"To: {rep.address}", *lines, ""]).encode()
    url = "/google/upload/gmail/v1/users/me/messages/send?uploadType=media"
    for _ in range(times):
        answer = await asyncio.to_thread(prospects.http.post, url, content=mail, headers=headers)
        assert answer.is_success, answer.text


def notice(contact: Contact, words: str, *more: str) -> tuple[str, ...]:
    return (
        "Subject: Undelivered Mail Returned to Sender",
        f"X-Failed-Recipients: {contact.email}",
        *more,
        "",
        words,
    )


def newest_message(prospects: Prospects, account: str) -> str:
    token = prospects.ask("POST", "tokens", json={"provider": "google", "account": account})["access_token"]
    url = "/google/gmail/v1/users/me/messages?maxResults=1"
    found = prospects.http.get(url, headers={"authorization": f"Bearer {token}"}).json()
    return str(found["messages"][0]["id"])


async def test_anybodys_notice_of_a_bounce_is_not_believed(
    firm: Firm, rep: Representative, written_to: Contact
) -> None:
    await write(rep, f"mailer-daemon@{firm.name}.example", *notice(written_to, "550 5.1.1 user unknown", SIGNED))

    assert await rep.read()

    assert await firm.enrollment(written_to) == ("active", None)
    assert [row["email_state"] for row in await firm.sql("select email_state from contacts")] == ["ok"]


async def test_the_providers_signed_notice_is_believed(firm: Firm, rep: Representative, written_to: Contact) -> None:
    await write(rep, GOOGLE, *notice(written_to, "550 5.1.1 user unknown", SIGNED))

    assert await rep.read()

    assert await firm.enrollment(written_to) == ("finished", "bounced")


async def test_a_refused_sender_pauses_the_mailbox_only_when_the_email_is_named(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    refusal = notice(written_to, "550 5.7.1 message blocked", SIGNED)
    await write(rep, GOOGLE, *refusal)
    assert await rep.read()
    before = (await rep.mailbox()).paused_until

    message_id = prospects.inbox(written_to.email or "")[-1]["message_id"]
    await write(rep, GOOGLE, f"In-Reply-To: {message_id}", *refusal)
    assert await rep.read()

    assert before is None
    assert (await rep.mailbox()).paused_until is not None


async def test_a_refusal_that_is_known_pauses_nothing_again(
    firm: Firm, rep: Representative, written_to: Contact
) -> None:
    [row] = await firm.sql("select id, sent_at from emails where state = 'sent'")
    raw = "\r\n".join([f"From: {GOOGLE}", *notice(written_to, "550 5.7.1 message blocked")]).encode()
    headers = MessageHeaders("m-1", "t-1", {}, row["sent_at"])
    match = Match(row["id"], MatchedBy.HEADERS)
    answering = firm.services.intake.answering
    assert await answering.record(await rep.mailbox(), headers, read_message(raw), match)
    await firm.sql("update mailboxes set paused_until = null")

    assert not await answering.record(await rep.mailbox(), headers, read_message(raw), match)

    assert (await rep.mailbox()).paused_until is None


async def test_thousands_of_references_stop_nothing(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    references = " ".join(f"<{number}@x>" for number in range(33_000))
    await write(rep, f"stranger@{firm.name}.example", f"References: {references}", "Subject: Hi", "", "Hi.")
    prospects.act(prospects.inbox(written_to.email or "")[-1], "reply", text="Sounds good.")

    assert await rep.read()

    assert await firm.enrollment(written_to) == ("finished", "replied")


async def test_a_sender_with_a_nul_stops_nothing(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    await write(rep, f"nul@{firm.name}.example", f"From: nul@{firm.name}.example, <a\0b@x.example>", "", "Hi.")
    await write(rep, f"nul@{firm.name}.example", f'From: "N\0" <\0nul@{firm.name}.example>', "", "Hi.")
    prospects.act(prospects.inbox(written_to.email or "")[-1], "reply", text="Sounds good.")

    assert await rep.read()

    assert await firm.enrollment(written_to) == ("finished", "replied")


async def test_a_message_that_cannot_be_dealt_with_stops_no_other(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    [other] = await firm.contacts(1)
    await firm.enroll(rep, await firm.salesflow(*STEPS), [other])
    await firm.dispatch()
    await rep.send()
    prospects.act(prospects.inbox(other.email or "")[-1], "reply", text="To me as well.")
    prospects.act(prospects.inbox(written_to.email or "")[-1], "reply", text="Sounds good.")
    await firm.sql("update enrollments set waiting = 'gibberish' where contact_id = $1", other.id)

    assert await rep.read()

    assert await firm.enrollment(written_to) == ("finished", "replied")


async def test_who_left_the_company_is_written_to_no_more(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    text = "I am no longer with the company."
    prospects.act(prospects.inbox(written_to.email or "")[-1], "reply", auto="out_of_office", text=text)

    assert await rep.read()

    assert await firm.enrollment(written_to) == ("finished", "left_company")
    [detail] = await firm.details(written_to, "email_auto_replied")
    assert orjson.loads(detail)["kind"] == "left"


async def test_what_was_read_of_a_backlog_is_not_read_again_after_a_failure(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    await write(rep, f"stranger@{firm.name}.example", "Subject: Hi", "", "Hi.", times=CHANGES)
    prospects.act(prospects.inbox(written_to.email or "")[-1], "reply", text="Sounds good.")
    before = await rep.mailbox()
    prospects.faults({"path": f"/messages/{newest_message(prospects, rep.address)}", "kind": "status", "status": 500})

    assert not await rep.read()
    between = await rep.mailbox()
    prospects.faults()
    prospects.forget_requests()
    assert await rep.read()

    assert between.history_cursor != before.history_cursor
    assert between.synced_at == before.synced_at
    assert prospects.requests("/messages/") <= 5
    assert await firm.enrollment(written_to) == ("finished", "replied")


async def test_catching_up_goes_on_where_it_broke_off(
    firm: Firm, rep: Representative, written_to: Contact, prospects: Prospects
) -> None:
    prospects.act(prospects.inbox(written_to.email or "")[-1], "reply", text="Sounds good.")
    prospects.ask("POST", "google/history/expire", json={"account": rep.address})
    await firm.sql("update mailboxes set synced_at = clock_timestamp() - interval '20 days'")
    before = await rep.mailbox()
    prospects.faults({"path": f"/messages/{newest_message(prospects, rep.address)}", "kind": "status", "status": 500})

    assert not await rep.read()
    between = await rep.mailbox()
    prospects.faults()
    prospects.forget_requests()
    assert await rep.read()

    assert between.history_cursor == before.history_cursor
    assert before.synced_at
    assert between.synced_at
    assert (between.synced_at - before.synced_at).days == 19
    assert prospects.requests("/messages") <= 12
    assert await firm.enrollment(written_to) == ("finished", "replied")


async def test_who_was_written_to_is_known_without_reading_all_that_was_sent(
    firm: Firm, rep: Representative, written_to: Contact, owner_url: str
) -> None:
    await firm.sql(
        "insert into emails (organization_id, id, mailbox_id, user_id, contact_id, send_key, state, due_at, to_address,"
        " sending_at, thread_id, message_id, created_at)"
        " select organization_id, gen_random_uuid(), mailbox_id, user_id, contact_id, 'k' || n, 'sent', due_at,"
        " n || '@x.example', sending_at, 't' || n, '<' || n || '@x>', created_at"
        " from emails, generate_series(1, 10000) as n where state = 'sent'"
    )
    owner = await asyncpg.connect(owner_url.replace("+asyncpg", ""))
    await owner.execute("analyze emails")

    async def used() -> int:
        await owner.execute("select pg_stat_clear_snapshot()")
        return int(await owner.fetchval(USED))

    before = await used()

    async with firm.services.database.application(firm.administrator.organization_id) as transaction:
        clues = Clues(("<a@x>",), "t", written_to.email or "", "Hello", datetime.now(UTC))
        found = await PostgresEmails(transaction).candidates((await rep.mailbox()).id, clues)
        await transaction.driver.execute("select pg_stat_force_next_flush()")

    async def more() -> bool:
        return await used() > before

    assert len(found) == 1
    await eventually("the index is used", more, seconds=10)
    await owner.close()
