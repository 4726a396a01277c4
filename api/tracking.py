"""The pixel and the tracked links, a bare ASGI application ahead of everything else: answered first, stored after."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from starlette.types import ASGIApp, Receive, Scope, Send

from domain.emails.model import Hit
from domain.emails.tracking import CLICK_HEADERS, PIXEL, PIXEL_HEADERS
from domain.shared.errors import Unavailable
from domain.shared.ids import EmailId

if TYPE_CHECKING:
    from adapters.bootstrap import Container

OPEN, CLICK = "/t/o/", "/t/c/"
LONGEST_AGENT = 500
REMEMBERED_LINKS = 20_000

NOSNIFF = (b"x-content-type-options", b"nosniff")
NOT_FOUND_PAGE = (
    b'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Not found</title></head>'
    b"<body><h1>This link does not work</h1><p>It may be incomplete. Try the one in the email again.</p></body></html>"
)
PAGE_HEADERS = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"content-length", str(len(NOT_FOUND_PAGE)).encode()),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
    (b"x-robots-tag", b"noindex"),
    NOSNIFF,
]


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


PIXEL_START = {"type": "http.response.start", "status": 200, "headers": [*_encoded(PIXEL_HEADERS), NOSNIFF]}
PIXEL_BODY = {"type": "http.response.body", "body": PIXEL}
NO_BODY = {"type": "http.response.body", "body": b""}
REDIRECT_HEADERS = [*_encoded(CLICK_HEADERS), (b"content-length", b"0"), NOSNIFF]


class Tracking:
    """Answers /t/o/{token} and /t/c/{token}, and hands everything else on."""

    def __init__(self, app: ASGIApp, container: Callable[[], "Container"]) -> None:
        self._app = app
        self._container = container
        self._links: OrderedDict[tuple[UUID, int], str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/t/"):
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            await _refuse(send, 405)
        elif path.startswith(OPEN):
            await self._open(scope, send, path[len(OPEN) :])
        elif path.startswith(CLICK):
            await self._click(scope, send, path[len(CLICK) :])
        else:
            await _refuse(send, 404)

    async def _open(self, scope: Scope, send: Send, token: str) -> None:
        container = self._container()
        email_id = container.signer.read_open(token)
        if email_id is None:
            await _refuse(send, 404)
            return
        container.hit_intake.take(_hit(container, scope, EmailId(email_id), "open", None))
        await send(PIXEL_START)
        await send(PIXEL_BODY if scope["method"] == "GET" else NO_BODY)

    async def _click(self, scope: Scope, send: Send, token: str) -> None:
        container = self._container()
        named = container.signer.read_click(token)
        try:
            url = await self._url(container, *named) if named else None
        except Unavailable:
            await _refuse(send, 503)
            return
        if named is None or url is None:
            await _refuse(send, 404)
            return
        container.hit_intake.take(_hit(container, scope, EmailId(named[0]), "click", named[1]))
        headers = [*REDIRECT_HEADERS, (b"location", url.encode("ascii"))]
        await send({"type": "http.response.start", "status": 302, "headers": headers})
        await send(NO_BODY)

    async def _url(self, container: "Container", email_id: UUID, position: int) -> str | None:
        """From the database alone; links never change once they are written."""
        key = (email_id, position)
        known = self._links.get(key)
        if known is not None:
            self._links.move_to_end(key)
            return known
        found = await container.public_links.url(EmailId(email_id), position)
        if found is not None:
            self._links[key] = found
            if len(self._links) > REMEMBERED_LINKS:
                self._links.popitem(last=False)
        return found


def _hit(container: "Container", scope: Scope, email_id: EmailId, kind: str, position: int | None) -> Hit:
    agent, prefetch = _told(scope["headers"])
    client = scope.get("client")
    return Hit(
        email_id=email_id,
        kind=kind,
        at=container.clock.now(),
        method=scope["method"],
        user_agent=agent,
        address=_network(client[0]) if client else "",
        prefetch=prefetch,
        link_position=position,
    )


def _told(headers: Iterable[tuple[bytes, bytes]]) -> tuple[str, bool]:
    """The user agent, and whether the visitor says that nobody looks yet."""
    agent, prefetch = b"", False
    for name, value in headers:
        if name == b"user-agent":
            agent = value
        elif name in (b"purpose", b"sec-purpose", b"x-moz", b"x-purpose"):
            prefetch = prefetch or b"prefetch" in value.lower()
    return agent[:LONGEST_AGENT].decode("latin-1").replace("\0", ""), prefetch


def _network(address: str) -> str:
    """The network alone: whose machine it was is nobody's business."""
    if ":" in address:
        return ":".join(address.split(":")[:3]) + "::"
    return address.rpartition(".")[0] + ".0"


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": PAGE_HEADERS})
    await send({"type": "http.response.body", "body": NOT_FOUND_PAGE})
