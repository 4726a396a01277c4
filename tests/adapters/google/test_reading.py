"""Gmail's history and search: read a page at a time, nothing skipped, no request too many."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from adapters.google.adapter import CHANGES
from domain.providers.mailbox import Changes
from tests.adapters.google.conftest import Account
from tests.mailing import Prospects


def moment(**ago: float) -> datetime:
    return datetime.now(UTC) - timedelta(**ago)


async def mail_from_a_stranger(prospects: Prospects, account: Account, count: int) -> None:
    stranger = f"stranger.{uuid4().hex[:8]}@elsewhere.example"
    token = prospects.ask("POST", "tokens", json={"provider": "google", "account": stranger})["access_token"]
    headers = {"authorization": f"Bearer {token}", "content-type": "message/rfc822"}
    for number in range(count):
        mail = f"From: {stranger}\r\nTo: {account.address}\r\nSubject: No {number}\r\n\r\nHi.\r\n".encode()
        url = "/google/upload/gmail/v1/users/me/messages/send?uploadType=media"
        sent = await asyncio.to_thread(prospects.http.post, url, content=mail, headers=headers)
        assert sent.is_success, sent.text


async def all_changes(account: Account, cursor: str) -> Sequence[Changes]:
    pages = [await account.mailbox.changes_since(cursor)]
    while pages[-1].more:
        pages.append(await account.mailbox.changes_since(pages[-1].cursor))
    return pages


async def test_a_backlog_is_read_page_by_page_from_the_cursor_of_the_page_before(
    account: Account, prospects: Prospects
) -> None:
    cursor = (await account.mailbox.profile()).cursor
    await mail_from_a_stranger(prospects, account, CHANGES + 5)

    pages = await all_changes(account, cursor)

    assert [len(page.messages) for page in pages] == [CHANGES, 5]
    assert len({message.id for page in pages for message in page.messages}) == CHANGES + 5
    assert not (await account.mailbox.changes_since(pages[-1].cursor)).messages


async def test_what_others_sent_is_listed_without_looking_at_each(account: Account, prospects: Prospects) -> None:
    await mail_from_a_stranger(prospects, account, 3)
    await account.mailbox.create_draft(account.mail("pat@prospect.example"), None)
    await account.mailbox.send_draft((await account.mailbox.create_draft(account.mail("p@x.example"), None)).id)
    prospects.forget_requests()

    found = await account.mailbox.received(moment(hours=1), None)

    assert len(found) == 3
    assert prospects.requests("/messages/") == 0


async def test_what_others_sent_is_sought_within_bounds(account: Account, prospects: Prospects) -> None:
    await mail_from_a_stranger(prospects, account, 1)

    assert not await account.mailbox.received(moment(hours=3), moment(hours=1))
    assert len(await account.mailbox.received(moment(hours=3), moment(hours=-1))) == 1
