"""Google's consent page and tokens (OAuth 2.0 for web server applications, OpenID Connect)."""

import base64
import binascii
from datetime import timedelta
from typing import Any

import orjson

from adapters.oauth import Application, Endpoints, OAuthClient
from domain.connections.model import Grant, Tokens
from domain.shared.clock import Clock
from domain.shared.errors import ProviderUnavailable

# Drafts, sending, reading and history: the narrowest scope that has them all (Gmail API discovery document).
GMAIL = "https://www.googleapis.com/auth/gmail.modify"
SCOPE = f"openid email profile {GMAIL}"
DEFAULT_LIFETIME = 3599


class GoogleConsent:
    """Implements domain.connections.ports.Consent."""

    required_scopes = frozenset({GMAIL})

    def __init__(self, application: Application, endpoints: Endpoints, clock: Clock) -> None:
        self._oauth = OAuthClient(application, endpoints)
        self._client_id = application.client_id
        self._clock = clock

    def authorize_url(self, state: str, verifier: str, redirect_uri: str, account: str | None) -> str:
        # A refresh token is certain only with offline access and when the consent page was really shown.
        extra = {"access_type": "offline", "prompt": "consent", "include_granted_scopes": "true"}
        hint = {"login_hint": account} if account else {}
        return self._oauth.authorize_url(state, verifier, redirect_uri, SCOPE, {**extra, **hint})

    async def exchange(self, code: str, verifier: str, redirect_uri: str) -> Grant:
        answer = await self._oauth.exchange(code, verifier, redirect_uri)
        claims = self._claims(answer)
        scopes = frozenset(str(answer.get("scope", "")).split())
        return Grant(str(claims.get("email", "")), str(claims["sub"]), scopes, self._tokens(answer, None))

    async def refresh(self, refresh_token: str) -> Tokens:
        return self._tokens(await self._oauth.refresh(refresh_token), refresh_token)

    async def revoke(self, token: str) -> None:
        await self._oauth.revoke(token)

    def _tokens(self, answer: dict[str, Any], known_refresh: str | None) -> Tokens:
        """Google sends a refresh token with the first answer only."""
        lifetime = answer.get("expires_in")
        seconds = lifetime if isinstance(lifetime, int) else DEFAULT_LIFETIME
        refresh = answer.get("refresh_token") or known_refresh
        return Tokens(answer["access_token"], refresh, self._clock.system() + timedelta(seconds=seconds))

    def _claims(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Who consented. The token came straight from Google over TLS, so its signature need not be checked
        (OpenID Connect Core, section 3.1.3.7); whom it is for must be."""
        try:
            _, content, _ = str(answer["id_token"]).split(".")
            claims = orjson.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))
        except (KeyError, ValueError, binascii.Error) as broken:
            raise ProviderUnavailable("Google did not say who consented.") from broken
        if not isinstance(claims, dict) or claims.get("aud") != self._client_id or not claims.get("sub"):
            raise ProviderUnavailable("Google named another application.")
        return claims
