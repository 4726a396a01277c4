"""The Gmail API over HTTP: who asks, may they, is the request well-formed; then one method in one transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adapters.sandbox.google.errors import GoogleError, invalid, not_found, unauthenticated
from adapters.sandbox.google.gmail.call import Call, Json
from adapters.sandbox.google.gmail.methods import MESSAGE_FIELDS, METHODS, Method
from adapters.sandbox.google.gmail.upload import parsed_upload
from adapters.sandbox.google.oauth.grants import Access
from adapters.sandbox.world import World

_SYSTEM_PARAMETERS = frozenset(
    {"alt", "key", "fields", "prettyPrint", "quotaUser", "userIp", "access_token", "callback", "uploadType"}
    | {"upload_protocol", "oauth_token", "$.xgafv"}
)
_JSON = "application/json; charset=UTF-8"

Endpoint = Callable[[Request], Awaitable[Response]]


def routes() -> list[BaseRoute]:
    """Every method under its own path, and again under /upload where a message can be uploaded."""
    found: list[BaseRoute] = []
    for method in METHODS:
        path = f"/gmail/v1/users/{{userId}}/{method.path}"
        found.append(Route(path, _endpoint(method, upload=False), methods=[method.verb]))
        if method.uploads:
            found.append(Route(f"/upload{path}", _endpoint(method, upload=True), methods=[method.verb]))
    return [*found, Route("/gmail/{rest:path}", _unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])]


def _endpoint(method: Method, *, upload: bool) -> Endpoint:
    async def answer(request: Request) -> Response:
        world: World = request.app.state.world
        content = await request.body()
        try:
            call = _admitted(world, method, request)
            call = _with_content(call, method, request, content, upload=upload)
            with world.store.transaction():
                outcome = method.act(call)
        except GoogleError as refused:
            return _refusal(refused)
        return Response(status_code=204) if outcome is None else _json(outcome)

    return answer


def _admitted(world: World, method: Method, request: Request) -> Call:
    """Token, mailbox, scope, parameters, quota: in this order."""
    access = _access(world, request)
    user = request.path_params["userId"].lower()
    if user not in ("me", access.account):
        raise GoogleError(403, f"Delegation denied for {access.account}", "forbidden")
    if not access.scopes & method.scopes:
        raise _insufficient(method)
    query: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name not in method.query and name not in _SYSTEM_PARAMETERS:
            raise invalid(f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.')
        query.setdefault(name, []).append(value)
    world.google.quota.spend(access.account, method.units)
    path = {name: str(value) for name, value in request.path_params.items()}
    return Call(world, access.account, access.scopes, path, query)


def _access(world: World, request: Request) -> Access:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token if scheme.lower() == "bearer" else request.query_params.get("access_token", "")
    access = world.google.grants.access(token)
    if access is None:
        raise unauthenticated()
    return access


def _with_content(call: Call, method: Method, request: Request, content: bytes, *, upload: bool) -> Call:
    media = None
    if upload:
        kind = request.query_params.get("uploadType", "")
        uploaded = parsed_upload(kind, request.headers.get("content-type", ""), content)
        body, media = uploaded.body, uploaded.media
    else:
        body = _parsed(content)
    _refuse_unknown(body, method.body)
    if "message" in body:
        _refuse_unknown(body["message"], MESSAGE_FIELDS, "message.")
    return replace(call, body=body, media=media)


def _parsed(content: bytes) -> Json:
    if not content.strip():
        return {}
    try:
        body: Any = orjson.loads(content)
    except orjson.JSONDecodeError as broken:
        raise invalid(f"Invalid JSON payload received. {broken}") from broken
    if not isinstance(body, dict):
        raise invalid('Invalid JSON payload received. Unknown name "": Root element must be a message.')
    return body


def _refuse_unknown(body: Any, known: frozenset[str], prefix: str = "") -> None:
    if not isinstance(body, dict):
        raise invalid(f"Invalid value at '{prefix.rstrip('.')}'")
    for name in body:
        if name not in known:
            raise invalid(f'Invalid JSON payload received. Unknown name "{prefix}{name}": Cannot find field.')


def _insufficient(method: Method) -> GoogleError:
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"service": "gmail.googleapis.com", "method": method.path},
    }
    message = "Request had insufficient authentication scopes."
    return GoogleError(403, message, "insufficientPermissions", more={"details": [info]})


async def _unknown(request: Request) -> Response:
    return _refusal(not_found())


def _refusal(refused: GoogleError) -> Response:
    response = _json(refused.body(), refused.code)
    if refused.code == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return response


def _json(content: Json, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, {"Content-Type": _JSON, "Vary": "Origin, X-Origin, Referer"})
