"""OAuth 2 as a client (authorization code with PKCE), over Authlib: consent page, exchange, refresh, revocation."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import structlog

from adapters.http import TIMEOUT, transport
from domain.connections.model import GrantRefused
from domain.shared.errors import ProviderUnavailable

with warnings.catch_warnings():
    # Authlib 1.9 warns that it will one day need httpx2 for this; its own filter, set at import, has to come first.
    import authlib.deprecate  # noqa: F401

    warnings.simplefilter("ignore", DeprecationWarning)
    from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError

log = structlog.get_logger(__name__)

# RFC 6749 §5.2. Everything else (invalid_client, unauthorized_client, …) is a fault of this installation's
# configuration or of the provider: users cannot mend it by consenting again.
USER_HAS_TO_CONSENT = frozenset({"invalid_grant"})


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider's OAuth lives."""

    authorize: str
    token: str
    revoke: str


@dataclass(frozen=True, slots=True)
class Application:
    """This installation as the provider knows it."""

    client_id: str
    client_secret: str = field(repr=False)


class OAuthClient:
    """Talks to one provider's OAuth endpoints."""

    def __init__(
        self,
        application: Application,
        endpoints: Endpoints,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        auth_method: str = "client_secret_post",
    ) -> None:
        self._application = application
        self._endpoints = endpoints
        self._transport = transport
        self._auth_method = auth_method

    def authorize_url(self, state: str, verifier: str, redirect_uri: str, scope: str, extra: Mapping[str, str]) -> str:
        """The consent page's address, with the S256 challenge of the verifier."""
        url, _ = self._client(scope=scope, redirect_uri=redirect_uri).create_authorization_url(
            self._endpoints.authorize, state=state, code_verifier=verifier, **extra
        )
        return str(url)

    async def exchange(self, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
        """The token answer. Raises GrantRefused, ProviderUnavailable."""
        async with self._client(redirect_uri=redirect_uri) as client:
            return await _answered(
                client.fetch_token(
                    self._endpoints.token, grant_type="authorization_code", code=code, code_verifier=verifier
                )
            )

    async def refresh(self, refresh_token: str) -> dict[str, Any]:
        """The token answer; it may lack a refresh token, the old one then stays. Raises as `exchange`."""
        async with self._client() as client:
            return await _answered(client.refresh_token(self._endpoints.token, refresh_token=refresh_token))

    async def revoke(self, token: str) -> None:
        """400 means that it is dead already. Raises ProviderUnavailable."""
        async with self._client() as client:
            try:
                answer = await client.request(
                    "POST", self._endpoints.revoke, data={"token": token}, withhold_token=True
                )
            except httpx.HTTPError as failure:
                raise ProviderUnavailable("The provider could not be told.") from failure
        if answer.status_code not in (200, 400):
            raise ProviderUnavailable(f"The provider answered {answer.status_code} to a revocation.")

    def _client(self, **more: Any) -> Any:
        return AsyncOAuth2Client(
            self._application.client_id,
            self._application.client_secret,
            token_endpoint_auth_method=self._auth_method,
            code_challenge_method="S256",
            transport=self._transport or transport(),
            timeout=TIMEOUT,
            trust_env=False,
            **more,
        )


async def _answered(asked: Any) -> dict[str, Any]:
    """The answer of the token endpoint; its refusals and failures in our words."""
    try:
        answer = dict(await asked)
    except OAuthError as refusal:
        if refusal.error in USER_HAS_TO_CONSENT:
            raise GrantRefused("The provider does not take this grant any more.") from refusal
        log.error("oauth_refused", error=refusal.error)
        raise ProviderUnavailable("The provider refused this installation.") from refusal
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as failure:
        raise ProviderUnavailable("The provider's sign-in did not answer.") from failure
    if not isinstance(answer.get("access_token"), str):
        raise ProviderUnavailable("The provider's sign-in gave no access token.")
    return answer
