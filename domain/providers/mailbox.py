"""A mailbox at a provider, in words that hold for every provider.

Every method raises one of the ProviderErrors: ProviderRejected (refused for good), ProviderNotFound (no such thing),
ProviderThrottled (refused for now), ProviderAccessLost, ProviderUnavailable (failed; nothing was done, or doing it
again is harmless) and, where something may have been done, ProviderUnknown. Nothing is tried twice inside of a call,
except once more with a renewed access token after the provider refused the old one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Profile:
    """Whose mailbox it is, and the cursor from which changes can be read on."""

    address: str
    cursor: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A message at the provider that can be sent once."""

    id: str
    thread_id: str | None


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that has left. `message_id` (with its brackets) is what receivers see, None if not yet known."""

    id: str
    thread_id: str
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class MessageHeaders:
    """Some headers of a message, names in lower case; of a repeated header the last one counts."""

    id: str
    thread_id: str
    headers: dict[str, str]
    received_at: datetime
    labels: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether the mailbox's owner wrote it: sent, or a draft."""
        return "SENT" in self.labels or "DRAFT" in self.labels


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message that appeared in the mailbox."""

    id: str
    thread_id: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """The first of what appeared since a cursor, and the cursor to go on from. `more`: there is more to go on with.

    `expired`: the provider has forgotten the old cursor; what appeared meanwhile is among `received()`, and the new
    cursor was taken before.
    """

    messages: Sequence[NewMessage]
    cursor: str
    expired: bool = False
    more: bool = False


class AccessTokens(Protocol):
    """The access token of a connection, renewed as needed."""

    async def current(self) -> str:
        """One that is good for some minutes. Raises ProviderAccessLost, ProviderUnavailable."""
        ...

    async def renewed(self, refused: str) -> str:
        """One that is not the refused one. Raises ProviderAccessLost, ProviderUnavailable."""
        ...

    async def lost(self, reason: str) -> None:
        """The provider refuses the token that was given last: the user has to connect again."""
        ...


class ProviderMailbox(Protocol):
    """One user's mailbox."""

    async def profile(self) -> Profile: ...

    async def create_draft(self, mime: bytes, thread_id: str | None) -> Draft:
        """May be repeated: a draft too many is swept away, not sent."""
        ...

    async def send_draft(self, draft_id: str) -> SentMessage:
        """Sends it. A draft is sent at most once, however often this is called; a sent or deleted one is
        ProviderNotFound. Raises ProviderUnknown whenever it may have left."""
        ...

    async def delete_draft(self, draft_id: str) -> bool:
        """True when it was there: then it was not sent, and never will be. False once it was sent or deleted."""
        ...

    async def draft_exists(self, draft_id: str) -> bool:
        """False once it was sent or deleted."""
        ...

    async def drafts_of(self, message_id: str) -> Sequence[str]:
        """Ids of the drafts of a message with our own Message-ID. One that was just made may be missing."""
        ...

    async def find_sent(
        self, send_key: str, *, cursor: str | None, thread_id: str | None, recipient: str, after: datetime
    ) -> SentMessage | None:
        """The sent message with our mark: in the thread, among what was sent since `cursor`, by searching.

        `after` is when it was given to the provider; what was sent long after that is not looked at. None proves
        little: the provider's search lags.
        """
        ...

    async def message_id(self, provider_id: str) -> str | None:
        """The Message-ID that the provider gave to a sent message."""
        ...

    async def message_headers(self, provider_id: str) -> MessageHeaders:
        """What is needed to see whether a message concerns us."""
        ...

    async def raw_message(self, provider_id: str) -> bytes:
        """The whole message as it came."""
        ...

    async def changes_since(self, cursor: str) -> Changes:
        """One page. Whoever has dealt with it may forget the old cursor."""
        ...

    async def received(self, since: datetime, until: datetime | None) -> Sequence[NewMessage]:
        """All that others sent from an instant on and before another, by the provider's search (which lags)."""
        ...


class MailProvider(Protocol):
    """Opens mailboxes at one provider."""

    def open(self, tokens: AccessTokens) -> ProviderMailbox: ...
