"""Answers that stay open: server-sent events, a few for each user, which end with the session, the user and the server.

Counted and watched over in this process: each API process has streams of its own.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from adapters.bootstrap import Container
from api.sessions import cookie_name
from domain.shared.errors import TooManyRequests, Unauthenticated, Unavailable
from domain.shared.ids import UserId

log = structlog.get_logger(__name__)

STREAMS_OF_A_USER = 5
PATIENCE = timedelta(seconds=15)
# So that a session that ended is felt within a second.
WATCHED_EVERY_SECONDS = 0.7
# How soon browsers come back.
RETRY = b"retry: 3000\n\n"
COMMENT = b": \n\n"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(eq=False, slots=True)
class Place:
    """One open stream: whose, what it was opened with, and how it is ended."""

    user_id: UserId
    key: bytes
    end: Callable[[], None]


class Streams:
    """The open streams of one application."""

    def __init__(self) -> None:
        self._places: set[Place] = set()
        self._users: Counter[UserId] = Counter()
        self._watching: asyncio.Task[None] | None = None
        self._closing = False

    def enter(self, container: Container, place: Place) -> None:
        """Raises TooManyRequests when the user has as many as one may have, Unavailable while the server stops."""
        if self._closing:
            raise Unavailable("The server is about to stop. Try again in a moment.", "stopping")
        if self._users[place.user_id] >= STREAMS_OF_A_USER:
            text = f"There are {STREAMS_OF_A_USER} open streams already. Close one."
            raise TooManyRequests(PATIENCE, text, "streams", limit=STREAMS_OF_A_USER)
        self._places.add(place)
        self._users[place.user_id] += 1
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch(container), name="streams")

    def leave(self, place: Place) -> None:
        if place in self._places:
            self._places.discard(place)
            self._users -= Counter([place.user_id])

    def end_all(self) -> None:
        """The server stops: it waits for open answers, so they end now, and no new ones begin."""
        self._closing = True
        for place in tuple(self._places):
            place.end()

    async def close(self) -> None:
        self.end_all()
        if self._watching:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    async def _watch(self, container: Container) -> None:
        """Ends the streams of whoever may not see anything any more."""
        while True:
            await asyncio.sleep(WATCHED_EVERY_SECONDS)
            places = tuple(self._places)
            try:
                fallen = await container.vigil.fallen({place.key for place in places})
            except Unavailable:
                # Without the database nobody sees anything either.
                continue
            except Exception:
                log.exception("streams.not_watched")
                fallen = {place.key for place in places}
            for place in places:
                if place.key in fallen:
                    place.end()


class EventStream(StreamingResponse):
    """Server-sent events; gives its place back however it ends."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[bytes], streams: Streams, place: Place) -> None:
        super().__init__(events, headers=HEADERS)
        self._streams = streams
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with aclosing(self.body_iterator):  # type: ignore[type-var]
                await super().__call__(scope, receive, send)
        finally:
            self._streams.leave(self._place)


def key_of(request: Request, container: Container) -> bytes:
    """What the stream is watched by: the token or session that the request was let in with. Raises Unauthenticated."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        token = authorization.partition(" ")[2].strip()
    else:
        token = request.cookies.get(cookie_name(container.settings.public_url), "")
    key = container.vigil.key_of(token)
    if key is None:
        raise Unauthenticated
    return key


def event(name: str, data: Any) -> bytes:
    """One event of a stream."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z))
