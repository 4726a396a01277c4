"""The feed of the user who asks: what happened, what is unread, and a stream that tells while it happens."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.dependencies import CurrentPrincipal, Services, requires
from api.idempotency import router_for
from api.models import Answer, Body, Named
from api.problems import documented
from api.questions import Question, QuestionRoute
from api.streams import COMMENT, RETRY, EventStream, Place, Streams, event, key_of
from domain.notifications.live import Arrived, Quiet, Unread, Watch
from domain.notifications.model import FeedItem, Link, NotificationKind
from domain.shared.ids import NotificationId

router = router_for("feed")

READ = [Depends(requires("me:read"))]
WRITE = [Depends(requires("me:write"))]
STREAM = {
    "description": "Events `unread` {unread} and `notification` {item, unread}; comments while nothing happens.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


class FeedEmail(Answer):
    """An email, by its subject."""

    id: UUID
    subject: str | None


class FeedItemAnswer(Answer):
    """Something that the user is told. `count`: how often it happened while it was unread; `at`: when last.

    `detail` depends on the kind: `url` and `link_text` of a click, `text` of a reply, `bounce`, `code` and `reason` of
    a failure, `provider` and `account` of a lost connection, `user_id`, `name` and `email` of somebody who joined.
    """

    id: UUID
    kind: NotificationKind
    at: datetime
    read: bool
    count: int
    contact: Named | None
    email: FeedEmail | None
    salesflow: Named | None
    detail: dict[str, Any]


class FeedPageAnswer(Answer):
    """Some of the feed, newest first; `unread` counts all of it."""

    items: list[FeedItemAnswer]
    next_cursor: str | None
    unread: int


class ReadUpTo(Body):
    """What the user has read: everything up to an item, or simply everything."""

    up_to: UUID | None = None


class UnreadAnswer(Answer):
    """How many are unread now."""

    unread: int


async def list_feed(who: CurrentPrincipal, services: Services, asked: Annotated[Question, Query()]) -> Response:
    """What the user was told, newest first. What happens again while it is unread counts up and moves to the top."""
    found = await services.feed.page(who, asked.page)
    items = [_shown(item) for item in found.items]
    page = {"items": items, "next_cursor": found.next_cursor, "unread": found.unread}
    body = orjson.dumps(page, default=str, option=orjson.OPT_UTC_Z)
    return Response(body, media_type="application/json")


router.add_api_route(
    "/me/feed",
    list_feed,
    methods=["GET"],
    summary="What happened lately?",
    responses={**documented(400), 200: {"model": FeedPageAnswer}},
    dependencies=READ,
    response_class=Response,
    route_class_override=QuestionRoute,
)


@router.post("/me/feed/read", summary="Mark as read", dependencies=WRITE, responses=documented(404))
async def read_feed(body: ReadUpTo, who: CurrentPrincipal, services: Services) -> UnreadAnswer:
    """All of the feed up to the item `up_to`, or without one all of it."""
    up_to = NotificationId(body.up_to) if body.up_to else None
    return UnreadAnswer(unread=await services.feed.read(who, up_to))


@router.get(
    "/me/feed/stream",
    summary="Watch what happens",
    dependencies=READ,
    responses={**documented(), 200: STREAM},
    response_class=Response,
)
async def watch_feed(request: Request, who: CurrentPrincipal, services: Services) -> EventStream:
    """Server-sent events: `unread` at once, and `notification` within a second of what happens. Ends with the session
    or token. At most five at a time."""
    streams: Streams = request.app.state.streams
    watch = services.live_feed.watch(who)
    place = Place(who.user_id, key_of(request, services), watch.end)
    streams.enter(services, place)
    return EventStream(_events(watch), streams, place)


async def _events(watch: Watch) -> AsyncIterator[bytes]:
    yield RETRY
    async for told in watch.events():
        match told:
            case Unread(unread):
                yield event("unread", {"unread": unread})
            case Arrived(item, unread):
                yield event("notification", {"item": _shown(item), "unread": unread})
            case Quiet():
                yield COMMENT


def _shown(item: FeedItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "at": item.at,
        "read": item.read,
        "count": item.count,
        "contact": _named(item.contact),
        "email": {"id": item.email.id, "subject": item.email.name} if item.email else None,
        "salesflow": _named(item.salesflow),
        "detail": item.detail,
    }


def _named(link: Link | None) -> dict[str, Any] | None:
    return {"id": link.id, "name": link.name} if link else None
