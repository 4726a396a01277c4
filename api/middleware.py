"""Around every request, as bare ASGI: its id, its size limit, its log line and metrics, the headers of every answer."""

import re
import time
from uuid import uuid4

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.limits import Standing
from api.metrics import counted
from api.problems import problem
from domain.accounts.origin import Origin, comes_from
from domain.accounts.sessions import MAXIMUM_USER_AGENT
from domain.calls.model import MOST_BYTES as MOST_VOICEMAIL_BYTES
from domain.contacts.imports.model import MOST_BYTES as MOST_IMPORT_BYTES

log = structlog.get_logger("api")

MAXIMUM_BODY = 1024 * 1024
# Files that are read as they come, in a form that takes some bytes itself.
ENDLESS = 2**63
LARGER_BODIES = {
    ("POST", "/me/voicemails"): MOST_VOICEMAIL_BYTES + MAXIMUM_BODY,
    ("POST", "/contacts/imports"): MOST_IMPORT_BYTES + MAXIMUM_BODY,
}
REQUEST_ID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")

SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(self), payment=()"),
]
API_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
NO_STORE = (b"cache-control", b"no-store")
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")


class RequestFrame:
    """The outermost layer."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = [*SECURITY, STRICT_TRANSPORT] if https else SECURITY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["request_id"] = _request_id(scope)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        comes_from(_origin(scope, request_id))
        started = time.perf_counter()
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._completed(message.get("headers", []), request_id, scope.get("standing"))
            await send(message)

        try:
            await self._limited(scope, receive, answer, request_id)
        finally:
            seconds = time.perf_counter() - started
            template = _template(scope)
            counted(scope["method"], template, status, seconds)
            log.info(
                "request", method=scope["method"], route=template, status=status, milliseconds=round(seconds * 1000, 1)
            )
            structlog.contextvars.clear_contextvars()

    async def _limited(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        """Refuses bodies over the limit by their announced length, and cuts those that announce none."""
        most, length = LARGER_BODIES.get((scope["method"], scope["path"]), MAXIMUM_BODY), _content_length(scope)
        if length is not None and length > most:
            detail = f"{too_large(most)}."
            refusal = problem(413, "too_large", detail, path=scope["path"], request_id=request_id)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive if length is not None else _Counted(receive, most), send)

    def _completed(
        self, headers: list[tuple[bytes, bytes]], request_id: str, standing: Standing | None
    ) -> list[tuple[bytes, bytes]]:
        present = {name.lower() for name, _ in headers}
        added = [(b"x-request-id", request_id.encode()), *self._headers, API_POLICY, NO_STORE]
        if standing is not None:
            added += standing.headers()
        return [*headers, *((name, value) for name, value in added if name not in present)]


class _Counted:
    """A body without an announced length, counted as it comes."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._seen = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen > self._most:
            raise HTTPException(413, too_large(self._most))
        return message


def too_large(most: int) -> str:
    """How much a request may have."""
    return f"A request here may have {most:,} bytes"


def _request_id(scope: Scope) -> str:
    """The caller's own id if it is a UUID, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value.decode("latin-1")):
            return str(value.decode())
    return str(uuid4())


def _origin(scope: Scope, request_id: str) -> Origin:
    """uvicorn has replaced the address by what a trusted proxy said."""
    address = scope["client"][0] if scope.get("client") else ""
    agent = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"user-agent"), "")
    return Origin(address, "".join(filter(str.isprintable, agent))[:MAXIMUM_USER_AGENT], request_id)


def _content_length(scope: Scope) -> int | None:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else ENDLESS
    return None


def _template(scope: Scope) -> str:
    """The route's path with its parameters unfilled: few values, and nobody's ids."""
    route = scope.get("route")
    return str(getattr(route, "path", None) or scope.get("mounted", "unmatched"))
