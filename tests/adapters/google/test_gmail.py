"""Gmail as a mailbox: what is promised about drafts, sent mail, history, and about failures."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from adapters.clock import SystemClock
from adapters.google.adapter import Gmail
from domain.shared.errors import (
    ProviderAccessLost,
    ProviderError,
    ProviderNotFound,
    ProviderRejected,
    ProviderThrottled,
    ProviderUnavailable,
    ProviderUnknown,
)
from tests.adapters.google.conftest import Account, GivenToken
from tests.mailing import Prospects


@pytest.fixture
def somebody() -> str:
    return f"pat.{uuid4().hex[:8]}@prospect.example"


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


async def test_a_draft_is_sent_once(account: Account, prospects: Prospects, somebody: str) -> None:
    draft = await account.mailbox.create_draft(account.mail(somebody), None)

    await account.mailbox.send_draft(draft.id)
    with pytest.raises(ProviderNotFound):
        await account.mailbox.send_draft(draft.id)

    assert len(prospects.inbox(somebody)) == 1
    assert not await account.mailbox.draft_exists(draft.id)


async def test_the_message_id_is_the_one_that_receivers_see(
    account: Account, prospects: Prospects, somebody: str
) -> None:
    draft = await account.mailbox.create_draft(account.mail(somebody), None)
    sent = await account.mailbox.send_draft(draft.id)

    assert await account.mailbox.message_id(sent.id) == prospects.inbox(somebody)[0]["message_id"]


async def test_a_deleted_draft_may_be_deleted_again(account: Account, somebody: str) -> None:
    draft = await account.mailbox.create_draft(account.mail(somebody), None)

    await account.mailbox.delete_draft(draft.id)
    await account.mailbox.delete_draft(draft.id)

    assert not await account.mailbox.draft_exists(draft.id)


async def test_a_draft_is_found_by_its_message_id_however_many_the_user_has(
    account: Account, prospects: Prospects, somebody: str
) -> None:
    ours = await account.mailbox.create_draft(account.mail(somebody, more="Message-ID: <key.7@demo.example>"), None)
    for _ in range(5):
        await account.mailbox.create_draft(b"To: friend@x.example\r\nSubject: Dinner\r\n\r\nAt eight?\r\n", None)
    prospects.forget_requests()

    assert await account.mailbox.drafts_of("<key.7@demo.example>") == [ours.id]
    assert prospects.requests("/drafts") == 1


async def test_deleting_a_draft_says_whether_it_was_there(account: Account, somebody: str) -> None:
    draft = await account.mailbox.create_draft(account.mail(somebody), None)

    assert await account.mailbox.delete_draft(draft.id)
    assert not await account.mailbox.delete_draft(draft.id)


async def test_a_draft_for_a_thread_that_is_gone_is_made_without_it(account: Account, somebody: str) -> None:
    draft = await account.mailbox.create_draft(account.mail(somebody), "0123456789abcdef")

    assert await account.mailbox.draft_exists(draft.id)


@pytest.mark.parametrize("hint", ["cursor", "thread", "search"])
async def test_sent_mail_is_found_by_our_mark(account: Account, prospects: Prospects, somebody: str, hint: str) -> None:
    prospects.behave(search_lag_seconds=0 if hint == "search" else 60)
    cursor = (await account.mailbox.profile()).cursor
    await account.mailbox.send_draft((await account.mailbox.create_draft(account.mail(somebody, "other"), None)).id)
    sent = await account.mailbox.send_draft(
        (await account.mailbox.create_draft(account.mail(somebody, "key-9"), None)).id
    )

    found = await account.mailbox.find_sent(
        "key-9",
        cursor=cursor if hint == "cursor" else None,
        thread_id=sent.thread_id if hint == "thread" else None,
        recipient=somebody,
        after=datetime.now(UTC),
    )

    assert found is not None
    assert (found.id, found.message_id) == (sent.id, await account.mailbox.message_id(sent.id))


async def test_what_was_sent_long_after_is_not_looked_at(account: Account, prospects: Prospects, somebody: str) -> None:
    cursor = (await account.mailbox.profile()).cursor
    for _ in range(5):
        await account.mailbox.send_draft((await account.mailbox.create_draft(account.mail(somebody), None)).id)
    prospects.forget_requests()

    found = await account.mailbox.find_sent(
        "key-9", cursor=cursor, thread_id=None, recipient=somebody, after=an_hour_ago()
    )

    assert found is None
    assert prospects.requests("/messages/") <= 2


async def test_what_was_not_sent_is_not_found(account: Account, somebody: str) -> None:
    cursor = (await account.mailbox.profile()).cursor
    await account.mailbox.create_draft(account.mail(somebody, "key-9"), None)

    found = await account.mailbox.find_sent(
        "key-9", cursor=cursor, thread_id=None, recipient=somebody, after=an_hour_ago()
    )

    assert found is None


async def test_changes_tell_own_mail_from_others(account: Account, prospects: Prospects, somebody: str) -> None:
    cursor = (await account.mailbox.profile()).cursor
    await account.mailbox.send_draft((await account.mailbox.create_draft(account.mail(somebody), None)).id)
    prospects.act(prospects.inbox(somebody)[0], "reply", text="Yes.")

    changes = await account.mailbox.changes_since(cursor)

    assert [message.is_own for message in changes.messages].count(False) == 1
    assert not (await account.mailbox.changes_since(changes.cursor)).messages


async def test_a_forgotten_cursor_is_replaced(account: Account, prospects: Prospects, somebody: str) -> None:
    cursor = (await account.mailbox.profile()).cursor
    await account.mailbox.send_draft((await account.mailbox.create_draft(account.mail(somebody), None)).id)
    prospects.act(prospects.inbox(somebody)[0], "reply", text="Yes.")
    prospects.ask("POST", "google/history/expire", json={"account": account.address})

    changes = await account.mailbox.changes_since(cursor)
    received = await account.mailbox.received(an_hour_ago(), None)

    assert changes.expired
    assert not (await account.mailbox.changes_since(changes.cursor)).expired
    assert len(received) == 1


FAILURES = [
    ({"kind": "status", "status": 400}, ProviderRejected, ProviderUnknown),
    ({"kind": "status", "status": 401}, ProviderAccessLost, ProviderAccessLost),
    ({"kind": "status", "status": 403}, ProviderAccessLost, ProviderAccessLost),
    ({"kind": "status", "status": 404}, ProviderNotFound, ProviderNotFound),
    ({"kind": "status", "status": 408}, ProviderUnavailable, ProviderUnknown),
    ({"kind": "status", "status": 409}, ProviderRejected, ProviderUnknown),
    ({"kind": "status", "status": 413}, ProviderRejected, ProviderRejected),
    ({"kind": "status", "status": 429}, ProviderThrottled, ProviderThrottled),
    ({"kind": "status", "status": 500}, ProviderUnavailable, ProviderUnknown),
    ({"kind": "status", "status": 502}, ProviderUnavailable, ProviderUnknown),
    ({"kind": "status", "status": 503}, ProviderUnavailable, ProviderUnknown),
    ({"kind": "reset"}, ProviderUnavailable, ProviderUnknown),
    ({"kind": "garbage"}, ProviderUnavailable, ProviderUnknown),
    ({"kind": "timeout", "seconds": 10}, ProviderUnavailable, ProviderUnknown),
    ({"kind": "accepted_then_reset"}, ProviderUnavailable, ProviderUnknown),
]


@pytest.mark.parametrize(("fault", "reading", "acting"), FAILURES, ids=[str(one[0]) for one in FAILURES])
async def test_every_failure_is_told_in_our_words(
    account: Account,
    prospects: Prospects,
    somebody: str,
    fault: dict[str, object],
    reading: type[ProviderError],
    acting: type[ProviderError],
) -> None:
    draft = await account.mailbox.create_draft(account.mail(somebody), None)
    prospects.faults({"path": "/gmail", **fault})

    with pytest.raises(ProviderError) as read:
        await account.mailbox.profile()
    with pytest.raises(ProviderError) as acted:
        await account.mailbox.send_draft(draft.id)

    assert (type(read.value), type(acted.value)) == (reading, acting)


async def test_a_request_is_never_repeated_behind_our_back(
    account: Account, prospects: Prospects, somebody: str
) -> None:
    draft = await account.mailbox.create_draft(account.mail(somebody), None)
    prospects.forget_requests()
    prospects.faults({"path": "/drafts/send", "kind": "reset"})

    with pytest.raises(ProviderUnknown):
        await account.mailbox.send_draft(draft.id)

    assert prospects.requests("/drafts/send") == 1


@pytest.mark.parametrize("status", [429, 403])
async def test_a_used_up_minute_is_patience_by_whatever_status(
    account: Account, prospects: Prospects, status: int
) -> None:
    prospects.behave(quota_status=status)
    prospects.ask("PUT", "limits", json={"units_per_minute": 0})

    with pytest.raises(ProviderThrottled):
        await account.mailbox.profile()


async def test_a_used_up_day_says_until_when(account: Account, prospects: Prospects, somebody: str) -> None:
    draft = await account.mailbox.create_draft(account.mail(somebody), None)
    prospects.ask("PUT", "limits", json={"sends_per_day": 0})

    with pytest.raises(ProviderThrottled) as throttled:
        await account.mailbox.send_draft(draft.id)

    assert throttled.value.retry_at is not None
    assert throttled.value.retry_at > datetime.now(UTC)
    assert await account.mailbox.draft_exists(draft.id)


async def test_nobody_at_the_other_end_means_that_nothing_was_done(account: Account) -> None:
    async with httpx.AsyncClient() as http:
        mailbox = Gmail(http, "http://127.0.0.1:1", SystemClock()).open(GivenToken("token"))
        with pytest.raises(ProviderUnavailable):
            await mailbox.send_draft("r-1")
