"""Single sign-on in the words of an organization: its provider, the way there and back, who is who there."""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.accounts.access_ports import SignInUnit
from domain.providers.identity import Person
from domain.shared.ids import OrganizationId, UserId

STATE_BYTES = 32
UUID_BYTES = 16


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """The provider of an organization. The secret is sealed for the row `id`.

    `trust_email`: an Administrator has said that addresses there are verified, though the provider does not say so.
    """

    id: UUID
    issuer: str
    client_id: str
    client_secret: bytes = field(repr=False)
    enabled: bool
    trust_email: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """A browser on its way to the provider and back."""

    id: UUID
    state_hash: bytes = field(repr=False)
    verifier: bytes = field(repr=False)
    nonce: str = field(repr=False)
    expires_at: datetime


class Identities(Protocol):
    """Single sign-on of the unit's organization."""

    async def provider(self) -> IdentityProvider | None: ...

    async def put_provider(self, provider: IdentityProvider) -> None:
        """In the place of the one before. Whoever is on the way comes back in vain."""
        ...

    async def remove_provider(self) -> None:
        """With it goes who is who there."""
        ...

    async def add_attempt(self, attempt: Attempt) -> None: ...

    async def take_attempt(self, state_hash: bytes, now: datetime) -> Attempt | None:
        """The attempt, once and in time."""
        ...

    async def user_of(self, issuer: str, subject: str) -> UserId | None: ...

    async def is_known(self, user_id: UserId) -> bool:
        """Whether the user is somebody at a provider already."""
        ...

    async def user_with(self, email_key: str) -> UserId | None:
        """The active or invited user with this address."""
        ...

    async def link(self, user_id: UserId, issuer: str, subject: str, now: datetime) -> None:
        """Raises AlreadyExists when the subject is somebody already."""
        ...


class SignOnUnit(SignInUnit, Protocol):
    """A transaction of one organization, as single sign-on sees it."""

    @property
    def identities(self) -> Identities: ...


def vouched_address(person: Person, provider: IdentityProvider) -> str | None:
    """The address by which a user may be found the first time; None when nobody vouches for it.

    Who is found by an address becomes its user, so an address that people can enter at the provider by themselves is a
    way into somebody else's account, or into one that is yet to be invited ("nOAuth", account pre-hijacking). That is
    why it has to be verified, and why a provider that never says so (Entra ID, AD FS) is believed only where an
    Administrator vouches for it. A provider that says no is never overruled. Later on, issuer and subject decide alone.

    Sources: OpenID Connect Core §5.7,
    https://learn.microsoft.com/entra/identity-platform/migrate-off-email-claim-authorization.
    """
    if person.email_verified is None:
        return person.email if provider.trust_email else None
    return person.email if person.email_verified else None


def new_state(organization_id: OrganizationId) -> str:
    """Random, and carries the organization: the way back leads through one address for all."""
    return _encoded(organization_id.bytes + secrets.token_bytes(STATE_BYTES))


def organization_of(state: str) -> OrganizationId | None:
    """None for what is no state of ours."""
    try:
        raw = base64.urlsafe_b64decode(state + "=" * (-len(state) % 4))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != UUID_BYTES + STATE_BYTES or _encoded(raw) != state:
        return None
    return OrganizationId(UUID(bytes=raw[:UUID_BYTES]))


def hash_of_state(state: str, browser: str) -> bytes:
    """Of the state in this very browser, which is told by its cookie."""
    return hashlib.sha256(f"{state}|{browser}".encode(errors="replace")).digest()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
