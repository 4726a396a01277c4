"""`POST` with an `Idempotency-Key` is done once; the same key and body are answered the same for 24 hours."""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.problems import documented_problem
from api.sessions import authenticate
from domain.shared.errors import InvalidField

MAXIMUM_KEY = 255
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Done once with this key, and answered the same for 24 hours; 409 for another request with it.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAXIMUM_KEY},
}
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class IdempotentRoute(APIRoute):
    """A route that honours the header on POST, and says so in the OpenAPI document."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        if "POST" in (given.get("methods") or ()):
            given["responses"] = {409: documented_problem(409), **(given.get("responses") or {})}
            given["openapi_extra"] = {**(given.get("openapi_extra") or {}), "parameters": [KEY]}
        super().__init__(path, endpoint, **given)

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()
        return _once(handler) if "POST" in (self.methods or ()) else handler


def router_for(area: str) -> APIRouter:
    """The router of an area of the API."""
    return APIRouter(tags=[area], route_class=IdempotentRoute)


def _once(handler: Handler) -> Handler:
    async def answer(request: Request) -> Response:
        key = request.headers.get("idempotency-key")
        if key is None:
            return await handler(request)
        if not 1 <= len(key) <= MAXIMUM_KEY or not key.isprintable():
            raise InvalidField("/header/idempotency-key", "invalid_key", "1 to 255 printable characters.")
        container = request.app.state.container
        principal = await authenticate(request, container)
        answered = await container.idempotency.once(
            principal, key, await _fingerprint(request), lambda: handler(request)
        )
        if isinstance(answered, Response):
            return answered
        return Response(answered.body, answered.status, media_type="application/json")

    return answer


async def _fingerprint(request: Request) -> bytes:
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(await request.body())
    return digest.digest()
