"""Delivered mail, and what prospects do with it."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from adapters.sandbox.control.errors import UnknownError
from adapters.sandbox.prospects import browsing, reading, writing
from adapters.sandbox.prospects.browsing import BROWSER, Visit
from adapters.sandbox.prospects.inboxes import Delivery
from adapters.sandbox.prospects.writing import Automatic, BounceKind
from adapters.sandbox.world import TheWorld, World

router = APIRouter(prefix="/messages")

_TEXT = {
    None: "Thank you, this sounds interesting.",
    Automatic.OUT_OF_OFFICE: "I am out of the office at the moment and will answer when I am back.",
    Automatic.AUTO_REPLY: "We have received your message and will get back to you.",
}

Json = dict[str, Any]


class _Act(BaseModel):
    """`delay_seconds` of sandbox time: the act is done when they have passed or the clock was moved past them."""

    model_config = ConfigDict(extra="forbid")

    delay_seconds: float = Field(default=0, ge=0)


class Open(_Act):
    user_agent: str = BROWSER
    method: Literal["GET", "HEAD", "POST", "OPTIONS"] = "GET"


class Click(Open):
    link: int | None = Field(default=None, ge=0)
    url: str | None = None


class Reply(_Act):
    text: str | None = None
    auto: Automatic | None = None
    from_: str | None = Field(default=None, alias="from")


class Bounce(_Act):
    kind: BounceKind = BounceKind.HARD


@router.get("")
async def list_messages(
    world: TheWorld,
    to: str | None = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 100,
    cursor: Annotated[int | None, Query(ge=1)] = None,
) -> Json:
    """The newest first."""
    found = world.inboxes.page(to, limit + 1, cursor)
    more = str(found[limit - 1].number) if len(found) > limit else None
    items = [delivery.described() for delivery in found[:limit]]
    return {"items": items, "next_cursor": more, "total": world.inboxes.count(to)}


@router.get("/recipients")
async def list_recipients(world: TheWorld, limit: Annotated[int, Query(ge=1, le=10_000)] = 200) -> Json:
    return {"items": world.inboxes.recipients(limit), "next_cursor": None}


@router.get("/{message_id}")
async def read_message(world: TheWorld, message_id: str) -> Json:
    """One message, with what a prospect could press in it."""
    delivery = _found(world, message_id)
    links = [asdict(link) for link in reading.links(delivery)]
    return delivery.described() | {"links": links, "pixels": reading.pixels(delivery)}


@router.post("/{message_id}/open")
async def open_message(world: TheWorld, response: Response, message_id: str, act: Open | None = None) -> Json:
    """Loads the tracking pixel."""
    act = act or Open()
    visits = browsing.opening(_found(world, message_id), act.method, act.user_agent)
    return await _done(world, response, "open", act, _visiting(visits))


@router.post("/{message_id}/click")
async def click(world: TheWorld, response: Response, message_id: str, act: Click | None = None) -> Json:
    """Follows a link as far as the first answer; where a redirect leads is told, not visited."""
    act = act or Click()
    visits = browsing.clicking(_found(world, message_id), act.link, act.url, act.method, act.user_agent)
    return await _done(world, response, "click", act, _visiting(visits))


@router.post("/{message_id}/unsubscribe")
async def unsubscribe(world: TheWorld, response: Response, message_id: str, act: _Act | None = None) -> Json:
    """Presses the mail program's own button: the one-click POST of RFC 8058."""
    visits = browsing.unsubscribing(_found(world, message_id))
    return await _done(world, response, "unsubscribe", act or _Act(), _visiting(visits))


@router.post("/{message_id}/reply")
async def reply(world: TheWorld, response: Response, message_id: str, act: Reply | None = None) -> Json:
    """Answers into the sender's mailbox, as a person or automatically."""
    delivery, wanted = _found(world, message_id), act or Reply()

    async def answer() -> Json:
        sender = writing.sender_of(delivery, wanted.from_)
        text, now = wanted.text or _TEXT[wanted.auto], world.clock.now()
        if wanted.auto is None:
            raw = writing.reply(delivery, text, sender, now)
        else:
            raw = writing.automatic(delivery, wanted.auto, text, sender, now)
        return {"delivered_to": world.post_office.answer(delivery, raw)}

    return await _done(world, response, "reply", wanted, answer)


@router.post("/{message_id}/bounce")
async def bounce(world: TheWorld, response: Response, message_id: str, act: Bounce | None = None) -> Json:
    """A mail server sends the message back, with a delivery status notification."""
    delivery, wanted = _found(world, message_id), act or Bounce()

    async def send_back() -> Json:
        raw = writing.bounce(delivery, wanted.kind, world.clock.now())
        return {"delivered_to": world.post_office.return_to_sender(delivery, raw)}

    return await _done(world, response, "bounce", wanted, send_back)


def _visiting(visits: list[Visit]) -> Callable[[], Awaitable[Json]]:
    async def visiting() -> Json:
        return {"requests": [asdict(answer) for answer in await browsing.made(visits)]}

    return visiting


async def _done(world: World, response: Response, name: str, act: _Act, do: Callable[[], Awaitable[Json]]) -> Json:
    """Acts at once and tells how it went, or puts it off and answers 202."""
    if act.delay_seconds > 0:
        world.later.after(timedelta(seconds=act.delay_seconds), do)
        response.status_code = 202
        return {"act": name, "due_at": world.clock.now() + timedelta(seconds=act.delay_seconds)}
    return {"act": name, "at": world.clock.now()} | await do()


def _found(world: World, message_id: str) -> Delivery:
    delivery = world.inboxes.find(message_id)
    if delivery is None:
        raise UnknownError(f"there is no message {message_id}")
    return delivery
