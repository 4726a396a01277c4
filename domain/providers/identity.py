"""An identity provider of an organization, in neutral words: it vouches for who somebody is (OpenID Connect)."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class IdentityClient:
    """The provider, and this installation as it knows it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider vouches for, and the address that it has of them.

    `email_verified`: whether the provider has made sure that the address is theirs; None when it does not say.
    """

    issuer: str
    subject: str
    email: str | None = None
    email_verified: bool | None = None


class IdentityProviders(Protocol):
    """Talks to whatever provider an organization names. No address inside of our own network is ever asked."""

    async def check(self, issuer: str) -> None:
        """Whether it is one that can be used. Raises ProviderRejected, ProviderUnavailable."""
        ...

    async def authorize_url(
        self, client: IdentityClient, *, state: str, nonce: str, verifier: str, redirect_uri: str
    ) -> str:
        """Where the browser has to go. Raises ProviderRejected, ProviderUnavailable."""
        ...

    async def person(
        self, client: IdentityClient, *, code: str, nonce: str, verifier: str, redirect_uri: str
    ) -> Person:
        """Who came back. Raises ProviderRejected for a code or an answer that does not hold, ProviderUnavailable."""
        ...
