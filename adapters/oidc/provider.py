"""Implements domain.providers.identity: discovery, authorization code with PKCE and nonce, ID token."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog
from joserfc.jwk import KeySet

from adapters.oauth import Application, Endpoints, OAuthClient
from adapters.oidc.tokens import InvalidToken, UnknownKey, claims_of, keys_of
from adapters.oidc.transport import SECONDS, GuardedTransport, NotAllowed
from domain.connections.model import GrantRefused
from domain.providers.identity import IdentityClient, Person
from domain.shared.clock import Clock
from domain.shared.errors import ProviderRejected, ProviderUnavailable

log = structlog.get_logger(__name__)

WELL_KNOWN = "/.well-known/openid-configuration"
SCOPE = "openid email profile"
REMEMBERED = timedelta(minutes=10)
# Keys are not asked for again more often, however many tokens have a wrong signature.
KEYS_AGAIN_AFTER = timedelta(seconds=30)
VERIFIED = "email_verified"
# Entra ID has an optional claim of its own instead: whether the owner of the address's domain is verified.
# Source: learn.microsoft.com/entra/identity-platform/optional-claims-reference.
DOMAIN_VERIFIED = "xms_edov"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Known:
    """A provider as it described itself."""

    document: Mapping[str, Any]
    keys: KeySet
    keys_at: datetime
    at: datetime


class OpenIdProviders:
    """Remembers what providers say of themselves for some minutes."""

    def __init__(self, clock: Clock, *, loopback: bool) -> None:
        self._clock = clock
        self._loopback = loopback
        self._transport = GuardedTransport(loopback=loopback)
        self._known: dict[str, Known] = {}

    async def check(self, issuer: str) -> None:
        self._known.pop(issuer, None)
        await self._provider(issuer)

    async def authorize_url(
        self, client: IdentityClient, *, state: str, nonce: str, verifier: str, redirect_uri: str
    ) -> str:
        oauth = self._oauth(client, await self._provider(client.issuer))
        return oauth.authorize_url(state, verifier, redirect_uri, SCOPE, {"nonce": nonce, "response_type": "code"})

    async def person(
        self, client: IdentityClient, *, code: str, nonce: str, verifier: str, redirect_uri: str
    ) -> Person:
        known = await self._provider(client.issuer)
        try:
            answer = await self._oauth(client, known).exchange(code, verifier, redirect_uri)
        except GrantRefused as refusal:
            raise ProviderRejected("The provider did not take the code.") from refusal
        try:
            claims = await self._claims(client, known, answer, nonce)
        except InvalidToken as refusal:
            log.warning("sign_on.refused", reason=str(refusal))
            raise ProviderRejected("The provider's answer does not hold.") from refusal
        if "email" not in claims and known.document.get("userinfo_endpoint"):
            claims = await self._with_userinfo(known, answer["access_token"], claims)
        email = claims.get("email")
        address = email if isinstance(email, str) else None
        return Person(client.issuer, claims["sub"], address, _verified(claims))

    async def close(self) -> None:
        """Closes connections."""
        await self._transport.close()

    async def _claims(
        self, client: IdentityClient, known: Known, answer: Mapping[str, Any], nonce: str
    ) -> dict[str, Any]:
        expected: dict[str, Any] = {
            "issuer": client.issuer,
            "client_id": client.client_id,
            "nonce": nonce,
            "access_token": answer["access_token"],
            "now": int(self._clock.system().timestamp()),
        }
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise InvalidToken("no ID token")
        try:
            return claims_of(token, known.keys, **expected)
        except UnknownKey:
            if self._clock.system() - known.keys_at < KEYS_AGAIN_AFTER:
                raise
        renewed = await self._with_keys(known)
        self._known[client.issuer] = renewed
        return claims_of(token, renewed.keys, **expected)

    async def _with_userinfo(self, known: Known, access_token: str, claims: dict[str, Any]) -> dict[str, Any]:
        """Some providers keep the address out of the token (OpenID Connect Core §5.3)."""
        told = await self._json(known.document["userinfo_endpoint"], {"authorization": f"Bearer {access_token}"})
        if told.get("sub") != claims["sub"]:
            raise ProviderRejected("The provider's answers are about different people.")
        return {**claims, **{name: told[name] for name in ("email", VERIFIED, DOMAIN_VERIFIED) if name in told}}

    async def _provider(self, issuer: str) -> Known:
        """Raises ProviderRejected for what is no provider, ProviderUnavailable for one that does not answer."""
        known, now = self._known.get(issuer), self._clock.system()
        if known and now - known.at < REMEMBERED:
            return known
        self._require_address(issuer)
        document = await self._json(issuer.rstrip("/") + WELL_KNOWN)
        if document.get("issuer") != issuer:
            raise ProviderRejected("The provider calls itself by another address than this one.")
        for name in ENDPOINTS:
            self._require_address(document.get(name))
        known = await self._with_keys(Known(document, KeySet([]), now, now))
        if len(self._known) > LONGEST:
            self._known.clear()
        self._known[issuer] = known
        return known

    async def _with_keys(self, known: Known) -> Known:
        document = await self._json(known.document["jwks_uri"])
        try:
            return replace(known, keys=keys_of(document), keys_at=self._clock.system())
        except InvalidToken as failure:
            raise ProviderRejected("The provider has no keys that can be used.") from failure

    def _require_address(self, url: object) -> None:
        """https, a host, no more than a path; on this machine http will do, where that is allowed."""
        try:
            parts = urlsplit(url) if isinstance(url, str) and len(url) <= LONGEST and url.isascii() else None
            fits = parts is not None and bool(parts.hostname) and not (parts.fragment or parts.username)
            port = parts.port if parts else None
        except ValueError:
            parts, fits, port = None, False, None
        if parts is None or not fits or port == 0 or parts.scheme not in self._schemes:
            raise ProviderRejected("Give the provider's address as it calls itself, like https://login.example.com.")

    @property
    def _schemes(self) -> tuple[str, ...]:
        return ("https", "http") if self._loopback else ("https",)

    async def _json(self, url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        try:
            async with self._client() as client:
                answer = await client.get(url, headers={"accept": "application/json", **(headers or {})})
            found = answer.json() if answer.status_code == 200 else None
        except NotAllowed as refusal:
            raise ProviderRejected("The provider's address cannot be used: it has to be a public one.") from refusal
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as failure:
            raise ProviderUnavailable("The provider does not answer.") from failure
        if not isinstance(found, dict):
            raise ProviderUnavailable("The provider does not answer as one.")
        return found

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self._transport, timeout=SECONDS, follow_redirects=False, trust_env=False)

    def _oauth(self, client: IdentityClient, known: Known) -> OAuthClient:
        document = known.document
        # OpenID Connect Discovery §3: without a word the provider takes client_secret_basic.
        methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        endpoints = Endpoints(document["authorization_endpoint"], document["token_endpoint"], "")
        application = Application(client.client_id, client.client_secret)
        return OAuthClient(application, endpoints, transport=self._transport, auth_method=method)


def _verified(claims: Mapping[str, Any]) -> bool | None:
    """What the provider says of the address. None when it says nothing; whatever is no clear yes is a no."""
    said = []
    if VERIFIED in claims:
        said.append(claims[VERIFIED] is True)
    if DOMAIN_VERIFIED in claims:
        said.append(claims[DOMAIN_VERIFIED] in (True, "1", "true"))
    return all(said) if said else None
