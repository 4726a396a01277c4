"""A small OpenID provider, real as far as it goes: Authlib's authorization server behind Starlette, on its own port.

It signs everybody in who comes, as the person that `person` says, and lies where `lies` tells it to. Or it asks whoever
comes who that is: `python -m tests.api.openid --port 8950` is a provider to try single sign-on with in a browser.
"""

import argparse
import hashlib
import hmac
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections import defaultdict
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import httpx
import uvicorn
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Payload, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "engage", "provider-secret"

ASKING = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>Sign in · A provider</title>
<main>
  <h1>A provider</h1>
  <form method="post">
    <p><label>Email <input name="email" type="email" required autofocus></label></p>
    <p>
      <label>This address is
        <select name="verified">
          <option value="yes">verified</option>
          <option value="no">not verified</option>
          <option value="">not spoken of</option>
        </select>
      </label>
    </p>
    <button name="decision" value="allow">Sign in</button>
    <button name="decision" value="deny" formnovalidate>Cancel</button>
  </form>
</main>
</html>
"""


@dataclass
class Lies:
    """What the provider does wrong. `claims` replaces claims of ID tokens; None takes one away."""

    claims: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    foreign_key: bool = False
    callback: dict[str, str] = field(default_factory=dict)
    redirects_discovery: bool = False
    pads: int = 0


class Client(ClientMixin):
    """Engage, as the provider knows it: any way back will do, the checks are Engage's."""

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/auth/sso/callback")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code(SimpleNamespace):
    """An authorization code, once."""

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str:
        return str(self.nonce)

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Payload(OAuth2Payload):
    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    @property
    def data(self) -> dict[str, str]:
        return self._values

    @property
    def datalist(self) -> dict[str, list[str]]:
        return defaultdict(list, {name: [value] for name, value in self._values.items()})


class Asked(OAuth2Request):
    def __init__(self, request: Request, form: dict[str, str]) -> None:
        super().__init__(method=request.method, uri=str(request.url), headers=request.headers)
        self._args, self._form = dict(request.query_params), form
        self.payload = Payload({**self._args, **form})

    @property
    def args(self) -> dict[str, str]:
        return self._args

    @property
    def form(self) -> dict[str, str]:
        return self._form


class Server(AuthorizationServer):
    """Authlib's server, without a framework of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.register_token_generator("default", BearerTokenGenerator(lambda **_: "access-token"))

    def query_client(self, client_id: str) -> Client | None:
        return Client() if client_id == CLIENT_ID else None

    def save_token(self, token: Any, request: Any) -> None: ...

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None: ...

    def create_oauth2_request(self, request: Asked) -> Asked:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        content = json.dumps(body) if isinstance(body, dict) else body
        return Response(content, status, dict(headers))


class Provider:
    """`person` is who signs in next: sub, email, email_verified. `asks`: each browser says by itself who signs in."""

    def __init__(self, port: int = 0, *, asks: bool = False) -> None:
        self.asks = asks
        self.lies = Lies()
        self.person: dict[str, Any] = {}
        self.requests: list[str] = []
        self.rsa = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}, private=True)
        self.ec = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"}, private=True)
        self._codes: dict[str, Code] = {}
        self._server = Server()
        self._server.register_grant(self._code_grant(), [CodeChallenge(required=True), self._id_token()])
        routes = [
            Route("/.well-known/openid-configuration", self._document),
            Route("/authorize", self._authorize, methods=["GET", "POST"]),
            Route("/token", self._token, methods=["POST"]),
            Route("/keys", self._keys),
            Route("/userinfo", self._userinfo),
        ]
        app = Starlette(routes=routes)
        self._uvicorn = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False))
        self._thread = threading.Thread(target=self._uvicorn.run)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._uvicorn.servers[0].sockets[0].getsockname()[1]}"

    def __enter__(self) -> "Provider":
        self._thread.start()
        while not self._uvicorn.started:
            self._thread.join(0.02)
            assert self._thread.is_alive()
        return self

    def __exit__(self, *_: object) -> None:
        self._uvicorn.should_exit = True
        self._thread.join()

    async def _document(self, request: Request) -> Response:
        self.requests.append("discovery")
        if self.lies.redirects_discovery:
            return RedirectResponse(f"{self.issuer}/elsewhere")
        described = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "padding": "x" * self.lies.pads,
        }
        return JSONResponse({**described, **self.lies.document})

    async def _keys(self, request: Request) -> Response:
        self.requests.append("keys")
        return JSONResponse(KeySet([self.rsa, self.ec]).as_dict(private=False))

    async def _userinfo(self, request: Request) -> Response:
        return (
            JSONResponse(self.person)
            if request.headers["authorization"] == "Bearer access-token"
            else Response("", 401)
        )

    async def _authorize(self, request: Request) -> Response:
        if self.asks and request.method == "GET":
            return HTMLResponse(ASKING)
        person: dict[str, Any] | None = self.person
        if self.asks:
            person = person_of({name: str(value) for name, value in (await request.form()).items()})
        asked = Asked(request, {})
        asked.user = person
        grant = self._server.get_authorization_grant(asked)
        answer: Response = self._server.create_authorization_response(asked, grant_user=person, grant=grant)
        if self.lies.callback:
            target = httpx.URL(answer.headers["location"])
            answer.headers["location"] = str(target.copy_merge_params(self.lies.callback))
        return answer

    async def _token(self, request: Request) -> Response:
        self.requests.append("token")
        form = {name: str(value) for name, value in (await request.form()).items()}
        return self._server.create_token_response(Asked(request, form))  # type: ignore[no-any-return]

    def _code_grant(self) -> type[AuthorizationCodeGrant]:
        provider = self

        class Grant(AuthorizationCodeGrant):
            TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

            def save_authorization_code(self, code: str, request: Any) -> None:
                data = request.payload.data
                provider._codes[code] = Code(
                    code=code,
                    redirect_uri=data["redirect_uri"],
                    scope=data["scope"],
                    nonce=data["nonce"],
                    user=request.user,
                    code_challenge=data["code_challenge"],
                    code_challenge_method=data["code_challenge_method"],
                )

            def query_authorization_code(self, code: str, client: Any) -> Code | None:
                return provider._codes.get(code)

            def delete_authorization_code(self, code: Code) -> None:
                provider._codes.pop(code.code, None)

            def authenticate_user(self, code: Code) -> Any:
                return code.user

        return Grant

    def _id_token(self) -> OpenIDCode:
        provider = self

        class IdToken(OpenIDCode):
            def exists_nonce(self, nonce: str, request: Any) -> bool:
                return any(code.nonce == nonce for code in provider._codes.values())

            def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
                code = request.authorization_code
                return provider._signed(code.nonce, code.user)

        return IdToken(require_nonce=True)

    def _signed(self, nonce: str, person: dict[str, Any]) -> str:
        now = int(time.time())
        honest = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce, **person}
        claims = {name: value for name, value in {**honest, **self.lies.claims}.items() if value is not None}
        algorithm = self.lies.algorithm
        if algorithm in ("HS256", "none"):
            return by_hand(algorithm, claims, self.rsa.as_pem(private=False))
        key: Any = self.ec if algorithm == "ES256" else self.rsa
        if self.lies.foreign_key:
            key = RSAKey.generate_key(2048, {"kid": "rsa"}, private=True)
        return jwt.encode({"alg": algorithm, "kid": key.kid}, claims, key, [algorithm])


def person_of(form: dict[str, str]) -> dict[str, Any] | None:
    """Who filled in the provider's page: the same one whenever the address is the same. None for who would not."""
    if form.get("decision") != "allow":
        return None
    email, verified = form["email"], form.get("verified")
    person = {"sub": hashlib.sha256(email.encode()).hexdigest()[:32], "email": email}
    return {**person, "email_verified": verified == "yes"} if verified else person


def by_hand(algorithm: str, claims: dict[str, Any], public_key: bytes) -> str:
    """What no library signs: with nothing, or with the public key taken for a shared secret."""
    parts = [json.dumps(part).encode() for part in ({"alg": algorithm, "kid": "rsa"}, claims)]
    signed = ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    signature = hmac.digest(public_key, signed.encode(), "sha256") if algorithm == "HS256" else b""
    return f"{signed}.{urlsafe_b64encode(signature).decode().rstrip('=')}"


def main() -> None:
    """Runs until it is interrupted."""
    parser = argparse.ArgumentParser(description="An OpenID provider to try single sign-on with.")
    parser.add_argument("--port", type=int, default=8950)
    with Provider(parser.parse_args().port, asks=True) as provider:
        print(f"issuer: {provider.issuer} client: {CLIENT_ID} secret: {CLIENT_SECRET}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
