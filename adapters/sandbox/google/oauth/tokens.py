"""The token and revocation endpoints, userinfo, and what OpenID Connect publishes."""

import base64
import binascii
import hashlib
import hmac
from typing import Any

import orjson
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from adapters.sandbox.google.errors import unauthenticated
from adapters.sandbox.google.oauth.grants import AskedFor, Issued
from adapters.sandbox.google.oauth.identity import claims_of
from adapters.sandbox.options import RegisteredClient
from adapters.sandbox.world import World


class OAuthError(Exception):
    """RFC 6749, section 5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


async def token(request: Request) -> Response:
    world: World = request.app.state.world
    form = await request.form()
    try:
        client = _client(world, request, form)
        issued = _issued(world, client, form)
    except OAuthError as refused:
        return _json({"error": refused.error, "error_description": refused.description}, refused.status)
    return _json(_answer(world, client, issued))


async def revoke(request: Request) -> Response:
    world: World = request.app.state.world
    form = await request.form()
    given = str(form.get("token") or request.query_params.get("token") or "")
    if not given or not world.google.grants.revoke_token(given):
        return _json({"error": "invalid_token", "error_description": "Token expired or revoked"}, 400)
    return _json({})


async def userinfo(request: Request) -> Response:
    world: World = request.app.state.world
    bearer = request.headers.get("authorization", "").partition(" ")[2]
    access = world.google.grants.access(bearer)
    if access is None:
        return _json(unauthenticated().body(), 401)
    return _json(claims_of(world.google.accounts.get(access.account), access.scopes))


async def certificates(request: Request) -> Response:
    world: World = request.app.state.world
    return _json(world.google.key.key_set())


async def configuration(request: Request) -> Response:
    world: World = request.app.state.world
    base = world.google.issuer
    return _json(
        {
            "issuer": base,
            "authorization_endpoint": f"{base}/o/oauth2/v2/auth",
            "token_endpoint": f"{base}/token",
            "revocation_endpoint": f"{base}/revoke",
            "userinfo_endpoint": f"{base}/oauth2/v3/userinfo",
            "jwks_uri": f"{base}/oauth2/v3/certs",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "code_challenge_methods_supported": ["plain", "S256"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
        }
    )


def _client(world: World, request: Request, form: FormData) -> RegisteredClient:
    client_id, secret = str(form.get("client_id", "")), str(form.get("client_secret", ""))
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as broken:
            raise OAuthError("invalid_client", "Unauthorized", 401) from broken
    client = world.google.client(client_id)
    if client is None:
        raise OAuthError("invalid_client", "The OAuth client was not found.", 401)
    if not hmac.compare_digest(client.client_secret.encode(), secret.encode()):
        raise OAuthError("invalid_client", "Unauthorized", 401)
    return client


def _issued(world: World, client: RegisteredClient, form: FormData) -> Issued:
    grant = str(form.get("grant_type", ""))
    if grant == "authorization_code":
        return _redeemed(world, client, form)
    if grant == "refresh_token":
        return _refreshed(world, client, str(form.get("refresh_token", "")))
    raise OAuthError("unsupported_grant_type", f"Invalid grant_type: {grant}")


def _redeemed(world: World, client: RegisteredClient, form: FormData) -> Issued:
    code = str(form.get("code", ""))
    if not code:
        raise OAuthError("invalid_request", "Missing required parameter: code")
    asked = world.google.grants.redeemable(code)
    if asked is None or asked.client_id != client.client_id:
        raise OAuthError("invalid_grant", "Malformed auth code." if asked else "Bad Request")
    if str(form.get("redirect_uri", "")) != asked.redirect_uri:
        raise OAuthError("redirect_uri_mismatch", "Bad Request")
    _check_verifier(asked, str(form.get("code_verifier", "")))
    return world.google.grants.redeem(code, asked, world.google.switches.behaviour.access_token_seconds)


def _check_verifier(asked: AskedFor, verifier: str) -> None:
    if asked.challenge is None:
        if verifier:
            raise OAuthError("invalid_grant", "code_verifier or verifier is not needed.")
        return
    if not verifier:
        raise OAuthError("invalid_grant", "Missing code verifier.")
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    made = digest if asked.challenge_method == "S256" else verifier.encode()
    if not hmac.compare_digest(made, asked.challenge.encode()):
        raise OAuthError("invalid_grant", "Invalid code verifier.")


def _refreshed(world: World, client: RegisteredClient, refresh_token: str) -> Issued:
    if not refresh_token:
        raise OAuthError("invalid_request", "Missing required parameter: refresh_token")
    seconds = world.google.switches.behaviour.access_token_seconds
    issued = world.google.grants.refresh(client.client_id, refresh_token, seconds)
    if issued is None:
        raise OAuthError("invalid_grant", "Token has been expired or revoked.")
    return issued


def _answer(world: World, client: RegisteredClient, issued: Issued) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "access_token": issued.access_token,
        "expires_in": issued.expires_in,
        "scope": issued.scope,
        "token_type": "Bearer",
    }
    if issued.refresh_token:
        answer["refresh_token"] = issued.refresh_token
    if "openid" in issued.scope.split():
        answer["id_token"] = _id_token(world, client, issued)
    return answer


def _id_token(world: World, client: RegisteredClient, issued: Issued) -> str:
    account = world.google.accounts.get(issued.account)
    issued_at = int(world.clock.system().timestamp())
    claims = claims_of(account, frozenset(issued.scope.split())) | {
        "iss": world.google.issuer,
        "aud": client.client_id,
        "azp": client.client_id,
        "iat": issued_at,
        "exp": issued_at + issued.expires_in,
    }
    return world.google.key.signed(claims | ({"nonce": issued.nonce} if issued.nonce else {}))


def _json(content: Any, status: int = 200) -> Response:
    headers = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store", "Pragma": "no-cache"}
    return Response(orjson.dumps(content), status, headers)
