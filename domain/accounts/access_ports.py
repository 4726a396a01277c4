"""What signing in needs of a store: sessions, second factors, passkeys; and the key that seals secrets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from domain.accounts.audit import AuditedUnit
from domain.accounts.factors import KnownPasskey, Passkey, TotpSecret
from domain.accounts.model import Session, SignInPolicy, User
from domain.accounts.ports import Access, Organizations, WaysIn
from domain.shared.ids import PasskeyId, SessionId, UserId
from domain.shared.jobs import Jobs


class Vault(Protocol):
    """Seals values for the place where they are kept."""

    def seal(self, plain: bytes, *, organization_id: UUID, table: str, row: UUID, field: str) -> bytes: ...

    def open(self, sealed: bytes, *, organization_id: UUID, table: str, row: UUID, field: str) -> bytes: ...


class Sessions(Protocol):
    """The sessions of the unit's organization. What ends or changes here is told by its token hash, for the gate."""

    async def add(self, session: Session) -> None: ...

    async def end(self, token_hash: bytes) -> None: ...

    async def forget_old(self, user_id: UserId, now: datetime) -> None:
        """Removes the user's sessions that were idle for too long or have run out."""
        ...

    async def of_user(self, user_id: UserId, now: datetime) -> Sequence[Session]:
        """Those that still serve, the last used first."""
        ...

    async def end_of_user(self, user_id: UserId, session_id: SessionId) -> bytes | None:
        """Ends one; None when the user has no such session."""
        ...

    async def end_others(self, user_id: UserId, but: SessionId | None, *, unproven_only: bool = False) -> list[bytes]:
        """Ends the user's sessions but one; on demand only those that were opened without a second factor."""
        ...

    async def prove(self, session_id: SessionId) -> bytes | None:
        """A second factor was shown in it."""
        ...

    async def confirmed_at(self, session_id: SessionId) -> datetime | None:
        """When it was last shown in it who sits there: at its beginning, if not later. None when it has ended."""
        ...

    async def confirm(self, session_id: SessionId, now: datetime) -> bool:
        """It was shown just now who sits there. False when the session has ended."""
        ...

    async def doubt(self, user_id: UserId) -> list[bytes]:
        """The user has no second factor any more, so none of the sessions has one."""
        ...

    async def tighten(self, policy: SignInPolicy) -> None:
        """No session of the organization lasts longer than the policy lets it."""
        ...

    async def end_unproven(self) -> None:
        """Ends all sessions without a second factor of users who have one."""
        ...


class Factors(Protocol):
    """Apps and recovery codes of the unit's organization."""

    async def totp(self, user_id: UserId) -> TotpSecret | None: ...

    async def put_totp(self, secret: TotpSecret) -> bool:
        """Replaces one that was never confirmed. False when there is a confirmed one, which stays."""
        ...

    async def confirm_totp(self, user_id: UserId, step: int, now: datetime) -> bool:
        """True for the one who confirms it: however many try at once."""
        ...

    async def take_step(self, user_id: UserId, step: int) -> bool:
        """True when no code of this step or a later one was taken: each code serves once."""
        ...

    async def remove_totp(self, user_id: UserId) -> bool: ...

    async def replace_codes(self, user_id: UserId, hashes: Sequence[bytes], now: datetime) -> None: ...

    async def take_code(self, user_id: UserId, code_hash: bytes, now: datetime) -> bool:
        """True for the one who uses it first."""
        ...

    async def codes_left(self, user_id: UserId) -> int: ...

    async def remove_codes(self, user_id: UserId) -> None: ...


class PasskeyStore(Protocol):
    """The passkeys of the unit's organization."""

    async def of_user(self, user_id: UserId) -> Sequence[Passkey]:
        """Oldest first."""
        ...

    async def add(self, passkey: Passkey) -> None:
        """Raises AlreadyExists for one that somebody has."""
        ...

    async def remove(self, user_id: UserId, passkey_id: PasskeyId) -> Passkey:
        """Raises NotFound."""
        ...

    async def use(self, credential_id: bytes, before: int, after: int, now: datetime) -> bool:
        """Notes that it signed in. False when it is gone or was used meanwhile."""
        ...


class PasskeyGate(Protocol):
    """What passkeys need before an organization is known."""

    async def keep_challenge(
        self, challenge_id: UUID, challenge: bytes, user_id: UserId | None, expires_at: datetime
    ) -> None:
        """Whose browser has to sign it: a user's for a new passkey, anybody's for signing in."""
        ...

    async def take_challenge(self, challenge_id: UUID, user_id: UserId | None, now: datetime) -> bytes | None:
        """The challenge, once and in time, for the user for whom it was kept."""
        ...

    async def passkey(self, credential_id: bytes) -> KnownPasskey | None:
        """Of an active user."""
        ...


class Ceremonies(Protocol):
    """WebAuthn, Level 2: what browsers are asked and what their answers prove. Bound to this installation's address."""

    @property
    def available(self) -> bool:
        """Whether browsers use passkeys at this address at all."""
        ...

    def registration(self, user: User, known: Sequence[Passkey]) -> tuple[bytes, dict[str, Any]]:
        """A challenge and the options for the browser. Raises PasskeysUnavailable."""
        ...

    def registered(self, credential: dict[str, Any], challenge: bytes) -> tuple[bytes, bytes, int, tuple[str, ...]]:
        """Credential id, public key, count and transports. Raises InvalidPasskey."""
        ...

    def sign_in(self, known: Sequence[Passkey] = ()) -> tuple[bytes, dict[str, Any]]:
        """A challenge and the options for the browser, for one of these or for any. Raises PasskeysUnavailable."""
        ...

    def credential_id(self, credential: dict[str, Any]) -> bytes:
        """Which passkey it claims to be. Raises InvalidPasskey."""
        ...

    def signed_in(self, credential: dict[str, Any], challenge: bytes, known: KnownPasskey) -> int:
        """The new count, when the answer is the passkey's and its owner was verified. Raises InvalidPasskey."""
        ...


class BeginningThrottle(Protocol):
    """Slows down who begins to sign in again and again: what was begun is kept for some minutes."""

    async def take(self, address: str) -> None:
        """Counts one more. Raises TooManyRequests for one too many."""
        ...


class SignInUnit(AuditedUnit, Protocol):
    """A transaction of one organization, as signing in sees it."""

    @property
    def organizations(self) -> Organizations: ...

    @property
    def access(self) -> Access: ...

    @property
    def sessions(self) -> Sessions: ...

    @property
    def factors(self) -> Factors: ...

    @property
    def passkeys(self) -> PasskeyStore: ...

    @property
    def ways_in(self) -> WaysIn: ...

    @property
    def jobs(self) -> Jobs: ...
