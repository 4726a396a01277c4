"""Gmail as a mailbox: drafts that are sent once, the history of what came in, and the search for what was sent."""

import base64
import binascii
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
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
# Enough for a month of a busy mailbox; more is not read at once.
MOST_PAGES = 40

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

    async def delete_draft(self, draft_id: str) -> None:
        try:
            await self._client.delete(f"/drafts/{draft_id}")
        except ProviderNotFound:
            return

    async def draft_exists(self, draft_id: str) -> bool:
        try:
            await self._client.get(f"/drafts/{draft_id}", [("format", "minimal")])
        except ProviderNotFound:
            return False
        return True

    async def drafts_of_ours(self) -> Sequence[tuple[str, str]]:
        found = []
        async for answer in self._pages("/drafts", []):
            for listed in _read(WireDrafts, answer).drafts:
                mark = await self._mark_of_draft(listed.id)
                if mark:
                    found.append((listed.id, mark))
        return found

    async def find_sent(
        self, send_key: str, *, cursor: str | None, thread_id: str | None, recipient: str, after: datetime
    ) -> SentMessage | None:
        """Three ways, the surest first: the history of the Sent label, the thread, the search (which lags)."""
        seen: set[str] = set()
        for asked in (self._sent_since(cursor), self._in_thread(thread_id), self._searched(recipient, after)):
            async for message_id in asked:
                if message_id in seen:
                    continue
                seen.add(message_id)
                found = await self._marked(message_id, send_key)
                if found:
                    return found
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
        query: Query = [("startHistoryId", cursor), ("historyTypes", "messageAdded"), ("maxResults", str(PAGE))]
        new: dict[str, NewMessage] = {}
        latest = ""
        try:
            async for answer in self._pages("/history", query):
                history = _read(WireHistory, answer)
                latest = latest or history.history_id
                new.update({message.id: message for message in _added(history)})
        except ProviderNotFound:
            # 404: the history does not reach back so far. The new cursor comes first, so that no gap opens.
            profile = await self.profile()
            return Changes((), profile.cursor, expired=True)
        # The first page's cursor: what came in while the pages were read is read again, not missed.
        return Changes(list(new.values()), latest or cursor)

    async def recent(self, since: datetime) -> Sequence[NewMessage]:
        query: Query = [("q", f"after:{int(since.timestamp())} -in:chats"), ("maxResults", str(PAGE))]
        ids = [listed.id async for answer in self._pages("/messages", query) for listed in _listed(answer)]
        found = []
        for message_id in ids:
            try:
                message = _read(WireMessage, await self._client.get(f"/messages/{message_id}", [("format", "minimal")]))
            except ProviderNotFound:
                continue
            found.append(_new(message))
        return found

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
        sought = f"in:sent to:{recipient} after:{int(after.timestamp()) - 120}"
        query: Query = [("q", sought), ("includeSpamTrash", "true"), ("maxResults", "100")]
        for listed in _listed(await self._client.get("/messages", query)):
            yield listed.id

    async def _marked(self, message_id: str, send_key: str) -> SentMessage | None:
        try:
            found = await self._metadata(message_id, [MARK, "Message-ID"])
        except ProviderNotFound:
            return None
        if found.header(MARK) != send_key or "SENT" not in found.label_ids:
            return None
        return SentMessage(found.id, found.thread_id, found.header("Message-ID"))

    async def _mark_of_draft(self, draft_id: str) -> str | None:
        try:
            answer = await self._client.get(f"/drafts/{draft_id}", [("format", "metadata")])
        except ProviderNotFound:
            return None
        return _read(WireDraft, answer).message.header(MARK)

    async def _metadata(self, message_id: str, headers: Sequence[str]) -> WireMessage:
        query = [("format", "metadata"), *(("metadataHeaders", name) for name in headers)]
        return _read(WireMessage, await self._client.get(f"/messages/{message_id}", query))

    async def _pages(self, path: str, query: Query) -> AsyncIterator[Json]:
        token: str | None = None
        for _ in range(MOST_PAGES):
            answer = await self._client.get(path, [*query, *([("pageToken", token)] if token else [])])
            yield answer
            token = answer.get("nextPageToken")
            if not isinstance(token, str):
                return


def _in_thread(thread_id: str | None) -> Json:
    return {"threadId": thread_id} if thread_id else {}


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
