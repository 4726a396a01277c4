"""Gmail as a mailbox: drafts that are sent once, the history of what came in, and the search for what was sent."""

import base64
import binascii
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar

import httpx
from pydantic import ValidationError

from adapters.google.client import GmailClient, Json, Query
from adapters.google.payloads import (
    Wire,
    WireDraft,
    WireDrafts,
    WireHistory,
    WireMessage,
    WireMessages,
    WireProfile,
    WireThread,
)
from domain.providers.mailbox import (
    AccessTokens,
    Changes,
    Draft,
    MessageHeaders,
    NewMessage,
    Profile,
    ProviderMailbox,
    SentMessage,
)
from domain.shared.clock import Clock
from domain.shared.errors import ProviderNotFound, ProviderUnavailable, ProviderUnknown

MARK = "X-Engage-Send-Id"
MATCHING = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Content-Type",
    "Auto-Submitted",
    "Return-Path",
    "X-Failed-Recipients",
    "X-MS-Exchange-Message-Is-Ndr",
)
PAGE = 500
MOST_PAGES = 40
# Changes are dealt with by so many at a time: what a failure costs is at most one page.
CHANGES = 100
# Pages without a line that concerns us, as of labels; each is a step forward.
MOST_EMPTY_PAGES = 1_000
# A message leaves within this time of being given to Gmail, by Gmail's clock, or not at all.
LONGEST_SENDING = timedelta(minutes=10)

T = TypeVar("T", bound=Wire)


class Gmail:
    """Implements domain.providers.mailbox.MailProvider."""

    def __init__(self, http: httpx.AsyncClient, api_url: str, clock: Clock) -> None:
        self._http = http
        self._api_url = api_url
        self._clock = clock

    def open(self, tokens: AccessTokens) -> ProviderMailbox:
        return GmailMailbox(GmailClient(self._http, self._api_url, tokens, self._clock))


class GmailMailbox:
    """Implements domain.providers.mailbox.ProviderMailbox."""

    def __init__(self, client: GmailClient) -> None:
        self._client = client

    async def profile(self) -> Profile:
        found = _read(WireProfile, await self._client.get("/profile"))
        return Profile(found.email_address.lower(), found.history_id)

    async def create_draft(self, mime: bytes, thread_id: str | None) -> Draft:
        raw = base64.urlsafe_b64encode(mime).decode()
        try:
            made = await self._client.post("/drafts", {"message": {"raw": raw, **_in_thread(thread_id)}})
        except ProviderNotFound:
            # The thread is gone from the mailbox; the headers keep the recipient's thread.
            made = await self._client.post("/drafts", {"message": {"raw": raw}})
        draft = _acted(WireDraft, made)
        return Draft(draft.id, draft.message.thread_id or None)

    async def send_draft(self, draft_id: str) -> SentMessage:
        sent = _acted(WireMessage, await self._client.post("/drafts/send", {"id": draft_id}))
        return SentMessage(sent.id, sent.thread_id)

    async def delete_draft(self, draft_id: str) -> bool:
        try:
            await self._client.delete(f"/drafts/{draft_id}")
        except ProviderNotFound:
            return False
        return True

    async def draft_exists(self, draft_id: str) -> bool:
        try:
            await self._client.get(f"/drafts/{draft_id}", [("format", "minimal")])
        except ProviderNotFound:
            return False
        return True

    async def drafts_of(self, message_id: str) -> Sequence[str]:
        answer = await self._client.get("/drafts", [("q", f"rfc822msgid:{message_id.strip('<>')}")])
        return [listed.id for listed in _read(WireDrafts, answer).drafts]

    async def find_sent(
        self, send_key: str, *, cursor: str | None, thread_id: str | None, recipient: str, after: datetime
    ) -> SentMessage | None:
        """Three ways: the thread (short, and a draft's is that of its message), the history, the search (which lags).

        A user's own mail may be plenty: each way ends where messages were sent too late to be the one.
        """
        seen: set[str] = set()
        for asked in (self._in_thread(thread_id), self._sent_since(cursor), self._searched(recipient, after)):
            async for message_id in asked:
                if message_id in seen:
                    continue
                seen.add(message_id)
                message = await self._sent_message(message_id)
                if message and message.header(MARK) == send_key:
                    return SentMessage(message.id, message.thread_id, message.header("Message-ID"))
                if message and _instant(message.internal_date) > after + LONGEST_SENDING:
                    break
        return None

    async def message_id(self, provider_id: str) -> str | None:
        return (await self._metadata(provider_id, ["Message-ID"])).header("Message-ID")

    async def message_headers(self, provider_id: str) -> MessageHeaders:
        found = await self._metadata(provider_id, MATCHING)
        return MessageHeaders(
            found.id,
            found.thread_id,
            {header.name.lower(): header.value for header in found.payload.headers},
            _instant(found.internal_date),
            tuple(found.label_ids),
        )

    async def raw_message(self, provider_id: str) -> bytes:
        found = _read(WireMessage, await self._client.get(f"/messages/{provider_id}", [("format", "raw")]))
        try:
            return base64.urlsafe_b64decode(found.raw + "=" * (-len(found.raw) % 4))
        except binascii.Error as broken:
            raise ProviderUnavailable("Gmail's answer cannot be read.") from broken

    async def changes_since(self, cursor: str) -> Changes:
        query: Query = [("startHistoryId", cursor), ("historyTypes", "messageAdded"), ("maxResults", str(CHANGES))]
        try:
            async for answer in self._pages("/history", query, MOST_EMPTY_PAGES):
                history = _read(WireHistory, answer)
                if history.history or not history.next_page_token:
                    return _changes(history, cursor)
        except ProviderNotFound:
            # 404: the history does not reach back so far. The new cursor comes first, so that no gap opens.
            profile = await self.profile()
            return Changes((), profile.cursor, expired=True)
        raise ProviderUnavailable("Gmail's history does not end.")

    async def received(self, since: datetime, until: datetime | None) -> Sequence[NewMessage]:
        # Whether Gmail counts the second itself is not said, so it is asked for.
        before = f" before:{int(until.timestamp()) + 1}" if until else ""
        sought = f"after:{int(since.timestamp()) - 1}{before} -in:sent -in:drafts -in:chats"
        query: Query = [("q", sought), ("maxResults", str(PAGE))]
        listed = [one async for answer in self._pages("/messages", query, None) for one in _listed(answer)]
        return [NewMessage(one.id, one.thread_id, is_own=False) for one in listed]

    async def _sent_since(self, cursor: str | None) -> AsyncIterator[str]:
        if cursor is None:
            return
        query: Query = [("startHistoryId", cursor), ("historyTypes", "messageAdded"), ("maxResults", str(PAGE))]
        with suppress(ProviderNotFound):
            async for answer in self._pages("/history", query):
                for message in _added(_read(WireHistory, answer)):
                    if message.is_own:
                        yield message.id

    async def _in_thread(self, thread_id: str | None) -> AsyncIterator[str]:
        if thread_id is None:
            return
        with suppress(ProviderNotFound):
            answer = await self._client.get(f"/threads/{thread_id}", [("format", "minimal")])
            for message in _read(WireThread, answer).messages:
                if "SENT" in message.label_ids:
                    yield message.id

    async def _searched(self, recipient: str, after: datetime) -> AsyncIterator[str]:
        before = int((after + LONGEST_SENDING).timestamp())
        sought = f"in:sent to:{recipient} after:{int(after.timestamp()) - 120} before:{before}"
        query: Query = [("q", sought), ("includeSpamTrash", "true"), ("maxResults", "100")]
        for listed in _listed(await self._client.get("/messages", query)):
            yield listed.id

    async def _sent_message(self, message_id: str) -> WireMessage | None:
        try:
            found = await self._metadata(message_id, [MARK, "Message-ID"])
        except ProviderNotFound:
            return None
        return found if "SENT" in found.label_ids else None

    async def _metadata(self, message_id: str, headers: Sequence[str]) -> WireMessage:
        query = [("format", "metadata"), *(("metadataHeaders", name) for name in headers)]
        return _read(WireMessage, await self._client.get(f"/messages/{message_id}", query))

    async def _pages(self, path: str, query: Query, most: int | None = MOST_PAGES) -> AsyncIterator[Json]:
        token: str | None = None
        for _ in count() if most is None else range(most):
            answer = await self._client.get(path, [*query, *([("pageToken", token)] if token else [])])
            yield answer
            token = answer.get("nextPageToken")
            if not isinstance(token, str):
                return


def _in_thread(thread_id: str | None) -> Json:
    return {"threadId": thread_id} if thread_id else {}


def _changes(history: WireHistory, before: str) -> Changes:
    """While there is more, the last line that was read is the cursor; after that, the mailbox's present."""
    more = history.next_page_token is not None
    cursor = history.history[-1].id if more else history.history_id
    new = {message.id: message for message in _added(history)}
    return Changes(list(new.values()), cursor or before, more=more)


def _added(history: WireHistory) -> list[NewMessage]:
    return [_new(added.message) for line in history.history for added in line.messages_added]


def _new(message: WireMessage) -> NewMessage:
    is_own = "SENT" in message.label_ids or "DRAFT" in message.label_ids
    return NewMessage(message.id, message.thread_id, is_own)


def _listed(answer: Json) -> list[WireMessage]:
    return _read(WireMessages, answer).messages


def _instant(milliseconds: str) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def _read(kind: type[T], answer: Json) -> T:
    try:
        return kind.model_validate(answer)
    except ValidationError as broken:
        raise ProviderUnavailable("Gmail's answer cannot be read.") from broken


def _acted(kind: type[T], answer: Json) -> T:
    """The answer to an act: what cannot be read leaves it unknown."""
    try:
        return kind.model_validate(answer)
    except ValidationError as broken:
        raise ProviderUnknown("Gmail's answer cannot be read.") from broken
