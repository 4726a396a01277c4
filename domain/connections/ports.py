"""What connecting needs: stores inside of a unit, the provider's consent, and the vault for tokens."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.accounts.audit import AuditedUnit
from domain.connections.model import (
    Attempt,
    Connection,
    Grant,
    Mailbox,
    Provider,
    Revocation,
    SealedTokens,
    Tokens,
)
from domain.shared.ids import ConnectionId, MailboxId, UserId
from domain.shared.jobs import Jobs
from domain.shared.units import SystemUnits, Units


class ConnectionStore(Protocol):
    """The connections of the unit's organization. Times are system time."""

    async def of_user(self, user_id: UserId) -> Sequence[Connection]: ...

    async def find(self, user_id: UserId, provider: Provider) -> Connection | None:
        """Locked until the unit ends."""
        ...

    async def is_connected(self, provider: Provider, subject: str) -> bool:
        """Whether anybody has a connection to this account of the provider. For units across organizations."""
        ...

    async def save(self, connection: Connection, tokens: SealedTokens) -> None:
        """Adds it, or replaces the one with its id, under its next version."""
        ...

    async def tokens(self, connection_id: ConnectionId) -> tuple[Connection, SealedTokens] | None: ...

    async def claim_refresh(self, connection_id: ConnectionId, version: int, seconds: float) -> bool:
        """Whether the caller alone may renew the tokens now. False while another does, or when they have changed."""
        ...

    async def renew(self, connection_id: ConnectionId, version: int, tokens: SealedTokens) -> None:
        """Stores renewed tokens and ends the claim. Does nothing when the connection has changed meanwhile."""
        ...

    async def give_up_refresh(self, connection_id: ConnectionId, version: int) -> None: ...

    async def lose(self, connection_id: ConnectionId, version: int, reason: str, at: datetime) -> bool:
        """Whether it was this version, connected until now, that needs reconnecting from now on."""
        ...

    async def remove(self, connection_id: ConnectionId) -> None: ...

    async def add_attempt(self, attempt: Attempt) -> None:
        """Forgets the user's attempts that have run out."""
        ...

    async def take_attempt(self, state_hash: bytes) -> Attempt | None:
        """The attempt, which cannot be taken again."""
        ...


class MailboxStore(Protocol):
    """The mailboxes of the unit's organization, as connecting sees them."""

    async def of_user(self, user_id: UserId) -> Mailbox | None:
        """The one that is connected, or was until its access got lost."""
        ...

    async def many_of_users(self, user_ids: Iterable[UserId]) -> Mapping[UserId, Mailbox]: ...

    async def get(self, mailbox_id: MailboxId) -> Mailbox:
        """Raises NotFound."""
        ...

    async def connect(self, mailbox: Mailbox) -> Mailbox:
        """Adds it, or goes on with the user's mailbox of the same address; the user's others are disconnected."""
        ...

    async def limit(self, mailbox_id: MailboxId, per_day: int, per_minute: int) -> Mailbox:
        """Raises NotFound."""
        ...

    async def lose(self, connection_id: ConnectionId) -> None: ...

    async def disconnect(self, connection_id: ConnectionId) -> None: ...


class RevocationStore(Protocol):
    """Access to be given back. Times are system time."""

    async def add(self, revocation: Revocation, at: datetime) -> None: ...

    async def waiting(self, now: datetime, limit: int) -> Sequence[Revocation]: ...

    async def get(self, revocation_id: ConnectionId) -> Revocation | None: ...

    async def done(self, revocation_id: ConnectionId) -> None: ...

    async def put_off(self, revocation_id: ConnectionId, until: datetime) -> None: ...


class ConnectionsUnit(AuditedUnit, Protocol):
    """A transaction of one organization, as connecting sees it."""

    @property
    def connections(self) -> ConnectionStore: ...

    @property
    def mailboxes(self) -> MailboxStore: ...

    @property
    def revocations(self) -> RevocationStore: ...

    @property
    def jobs(self) -> Jobs: ...


class ConnectionsUnits(Units[ConnectionsUnit], SystemUnits[ConnectionsUnit], Protocol):
    """Units of one organization, and across all of them: an account at a provider may be connected in several."""


class Consent(Protocol):
    """A provider's OAuth: the consent page, and what follows from it."""

    required_scopes: frozenset[str]

    def authorize_url(self, state: str, verifier: str, redirect_uri: str, account: str | None) -> str:
        """Where the browser goes; `account` is the one that is expected to consent."""
        ...

    async def exchange(self, code: str, verifier: str, redirect_uri: str) -> Grant:
        """Raises GrantRefused, ProviderUnavailable."""
        ...

    async def refresh(self, refresh_token: str) -> Tokens:
        """Raises GrantRefused when the user has to consent again, ProviderUnavailable for everything else."""
        ...

    async def revoke(self, token: str) -> None:
        """Access that is gone already is fine. Raises ProviderUnavailable."""
        ...


class Vault(Protocol):
    """Seals values for the place where they are kept."""

    def seal(self, plain: bytes, *, organization_id: UUID, table: str, row: UUID, field: str) -> bytes: ...

    def open(self, sealed: bytes, *, organization_id: UUID, table: str, row: UUID, field: str) -> bytes: ...
