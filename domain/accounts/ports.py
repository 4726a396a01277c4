"""What accounts need from the outside: stores inside of a unit, and the gate, which comes before any organization."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from domain.accounts.factors import Way
from domain.accounts.model import AccessToken, Colleague, Credentials, Organization, Sender, User, UserState
from domain.shared.ids import TokenId, UserId
from domain.shared.jobs import Jobs
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal

if TYPE_CHECKING:
    from domain.accounts.access_ports import Sessions
    from domain.accounts.audit import AuditLog


class Organizations(Protocol):
    """The unit's own organization."""

    async def add(self, organization: Organization) -> None: ...

    async def get(self) -> Organization:
        """Raises NotFound."""
        ...

    async def save(self, organization: Organization) -> Organization:
        """Keeps a changed one under its next version. Raises VersionMismatch."""
        ...


class Users(Protocol):
    """The users of the unit's organization. What was read once is not read again by the same unit."""

    async def add(self, user: User) -> None:
        """Raises AlreadyExists for an address that the organization has."""
        ...

    async def get(self, user_id: UserId) -> User:
        """Raises NotFound."""
        ...

    async def locked(self, user_id: UserId) -> User:
        """As he is now; nobody else changes him until the unit ends. Raises NotFound."""
        ...

    async def many(self, user_ids: Iterable[UserId]) -> dict[UserId, User]:
        """Those that exist."""
        ...

    async def senders(self, user_ids: Iterable[UserId]) -> dict[UserId, Sender]:
        """What others need of them to send in their name."""
        ...

    async def directory(self, words: str, page: PageRequest) -> Page[Colleague]:
        """Colleagues by name, those whose name or address contains `words`. Raises InvalidCursor."""
        ...

    async def hold(self, user_id: UserId) -> User:
        """As `get`, read anew; nobody deletes the user until the unit ends. Any number may hold one at once."""
        ...

    async def lock(self, user_ids: Iterable[UserId]) -> dict[UserId, User]:
        """Those that exist, read anew; nobody changes or holds them until the unit ends."""
        ...

    async def lock_administrators(self) -> set[UserId]:
        """Those who can sign in; who they are is settled by one unit at a time. Comes before every other lock."""
        ...

    async def without_second_factor(self) -> int:
        """How many can sign in and have none."""
        ...

    async def page(self, words: str, states: Sequence[UserState], page: PageRequest) -> Page[User]:
        """By name, those in these states whose name or address contains `words`. Raises InvalidCursor."""
        ...

    async def save(self, user: User) -> User:
        """Keeps a changed user under its next version. Raises VersionMismatch."""
        ...


class WaysIn(Protocol):
    """Everything by which users of the unit's organization get in."""

    async def last_used(self, user_ids: Iterable[UserId]) -> dict[UserId, datetime]:
        """When each was last seen, as far as that is known (system time)."""
        ...

    async def of_user(self, user_id: UserId) -> Sequence[Way]:
        """By what the user can show who he is."""
        ...

    async def close_all(self, user_id: UserId) -> Sequence[bytes]:
        """Password, sessions, tokens, second factors, links and half-made connections are gone.

        Gives the hashes of the sessions and tokens, for the gate to forget.
        """
        ...


class Access(Protocol):
    """What the users of the unit's organization sign in with."""

    async def set_password(self, user: User, password_hash: str, now: datetime) -> None:
        """Raises AlreadyExists when somebody signs in with this address already, in whatever organization."""
        ...

    async def add_token(self, token: AccessToken) -> None: ...

    async def tokens(self, user_id: UserId) -> Sequence[AccessToken]:
        """Newest first, without those that ran out."""
        ...

    async def remove_token(self, user_id: UserId, token_id: TokenId) -> AccessToken:
        """The token, which serves no more. Raises NotFound."""
        ...


class DefaultStatuses(Protocol):
    """The contact statuses, as far as a new organization is concerned."""

    async def add_defaults(self) -> None:
        """Gives a new organization the statuses that it begins with."""
        ...


class OwnMailboxes(Protocol):
    """The mailboxes of the unit's organization, as far as accounts are concerned."""

    async def of_user(self, user_id: UserId) -> object | None:
        """The one that is connected, or was until its access got lost."""
        ...


class AccountsUnit(Protocol):
    """A transaction of one organization, as accounts see it."""

    @property
    def organizations(self) -> Organizations: ...

    @property
    def users(self) -> Users: ...

    @property
    def access(self) -> Access: ...

    @property
    def sessions(self) -> "Sessions": ...

    @property
    def ways_in(self) -> WaysIn: ...

    @property
    def statuses(self) -> DefaultStatuses: ...

    @property
    def mailboxes(self) -> OwnMailboxes: ...

    @property
    def audit(self) -> "AuditLog": ...

    @property
    def jobs(self) -> Jobs: ...


class Gate(Protocol):
    """Finds who somebody is before an organization is known. Sees ids, hashes and roles, nothing else."""

    async def credentials(self, email_key: str) -> Credentials | None:
        """Of an active user."""
        ...

    async def session(self, token_hash: bytes) -> Principal | None:
        """Whose session it is, as of at most half a second ago; None when it ended, ran out or was idle too long."""
        ...

    async def token(self, token_hash: bytes) -> Principal | None:
        """Whom an access token stands for, as of at most half a second ago; None when there is none or it ran out."""
        ...

    def forget(self, token_hash: bytes) -> None:
        """From now on this process asks the database about this session or token."""
        ...

    def forget_all(self) -> None:
        """From now on this process asks the database about every session and token."""
        ...


class PasswordTurn(Protocol):
    """The right to use a processor for one password."""

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Takes as long without a hash (nobody has that address) as with one."""
        ...

    async def hash(self, password: str) -> str: ...


class Passwords(Protocol):
    """Slow on purpose, so it is rationed: as many at a time as there are processors."""

    def turn(self) -> AbstractAsyncContextManager[PasswordTurn]:
        """Waits for a turn. Raises TooManyRequests when too many wait already."""
        ...

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with parameters that are no longer chosen."""
        ...


class Secrets(Protocol):
    """Random tokens that can be recognised, and what is kept of them."""

    def new_session(self) -> str: ...

    def new_access_token(self) -> str: ...

    def hash_of_session(self, token: str) -> bytes | None:
        """None for what is no session token of ours at all."""
        ...

    def hash_of_access_token(self, token: str) -> bytes | None:
        """None for what is no access token of ours at all."""
        ...


class Throttle(Protocol):
    """Slows down who guesses passwords. Counts failures alone."""

    async def check(self, email_key: str, address: str) -> None:
        """Raises TooManyRequests while a next guess has to wait."""
        ...

    async def failed(self, email_key: str, address: str) -> None: ...

    async def succeeded(self, email_key: str, address: str) -> None: ...
