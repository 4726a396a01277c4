"""Connections and the mailboxes that they open."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.shared.errors import Conflict, ProviderError
from domain.shared.ids import ConnectionId, MailboxId, OrganizationId, UserId


class Provider(StrEnum):
    """Whom a user can connect to."""

    GOOGLE = "google"


class BackTo(StrEnum):
    """From which page a user sets out for a consent page, to come back to it."""

    ACCOUNT = "account"
    ONBOARDING = "onboarding"


class ConnectionState(StrEnum):
    """Whether the access that the user gave still holds."""

    CONNECTED = "connected"
    NEEDS_RECONNECT = "needs_reconnect"


@dataclass(frozen=True, slots=True)
class Connection:
    """A user's account at a provider. `subject` is the provider's own key of the account, `account` its address."""

    id: ConnectionId
    user_id: UserId
    provider: Provider
    account: str
    subject: str
    state: ConnectionState
    scopes: tuple[str, ...]
    connected_at: datetime
    lost_at: datetime | None = None
    lost_reason: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Tokens:
    """What opens the account. `expires_at` is system time; None for `refresh` when there is none."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SealedTokens:
    """Tokens as they are stored."""

    access: bytes = field(repr=False)
    refresh: bytes | None = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """What a user gave at the consent page: which account, which permissions, and the tokens."""

    account: str
    subject: str
    scopes: frozenset[str]
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Attempt:
    """A user on the way to the provider's consent page and back. Used once."""

    user_id: UserId
    provider: Provider
    state_hash: bytes
    verifier: bytes = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Revocation:
    """Access to be given back at the provider, until it has heard.

    `subject` is the account's id there: giving back takes all that the account gave us, whichever token is named.
    """

    organization_id: OrganizationId
    id: ConnectionId
    provider: Provider
    token: bytes = field(repr=False)
    subject: str
    attempts: int = 0


class MailboxState(StrEnum):
    """Sending from a mailbox that needs reconnecting waits; a disconnected one is history."""

    CONNECTED = "connected"
    NEEDS_RECONNECT = "needs_reconnect"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A user's mailbox at a provider. `paused_until`, `next_send_at` and `synced_at` are system time.

    `history_cursor` says up to where it was read, `per_day` counts any 24 hours of business time, `throttles` how often
    in a row the provider has asked for patience.
    """

    organization_id: OrganizationId
    id: MailboxId
    user_id: UserId
    connection_id: ConnectionId
    provider: Provider
    address: str
    display_name: str
    state: MailboxState
    created_at: datetime
    history_cursor: str | None = None
    synced_at: datetime | None = None
    next_send_at: datetime | None = None
    paused_until: datetime | None = None
    paused_reason: str | None = None
    throttles: int = 0
    per_day: int = 400
    per_minute: int = 60

    def lets_out(self, now: datetime) -> bool:
        """Whether an email may leave from it, as far as its user and its provider have a say. `now` is system time."""
        paused = self.paused_until is not None and self.paused_until > now
        return self.state is MailboxState.CONNECTED and not paused


class GrantRefused(ProviderError):
    """The provider does not take the code or token (any more); the user has to consent again."""

    code = "grant_refused"


class ConnectionRefused(Conflict):
    """The way to the consent page and back did not end in a connection. `reason` is for the page that tells the user.

    access_denied, state_invalid, grant_refused, missing_permission (then `missing` says which), provider_unavailable.
    """

    code = "connection_refused"
    reason: str

    def __init__(self, reason: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__("The account was not connected.")
        self.reason = reason
        self.missing = missing
