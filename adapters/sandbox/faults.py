"""Faults that are put into the way of requests: which ones apply, how often, and what they do to the connection."""

import asyncio
import random
import re
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_GARBAGE = b"<!DOCTYPE html><html><head><title>Sorry\xe2\x80\xa6</title></head><body><h1>We're sorry</h1></body></html>"
_LINGER_NONE = struct.pack("ii", 1, 0)


class FaultKind(StrEnum):
    STATUS = "status"
    TIMEOUT = "timeout"
    RESET = "reset"
    GARBAGE = "garbage"
    SLOW = "slow"
    ACCEPTED_THEN_RESET = "accepted_then_reset"


@dataclass(slots=True)
class Fault:
    """One rule. `count` is how often it may still strike (None: always); `accepted` means that the act is done first.

    `seconds` is how long a timeout holds the line, or over how long a slow answer trickles.
    """

    provider: str | None
    path: str | None
    kind: FaultKind
    status: int = 500
    rate: float = 1.0
    count: int | None = None
    method: str | None = None
    accepted: bool = False
    retry_after: int | None = None
    seconds: float | None = None

    def strikes(self, provider: str, method: str, path: str) -> bool:
        if self.count == 0 or self.provider not in (None, provider) or self.method not in (None, method):
            return False
        return self._names(path) and random.random() < self.rate  # noqa: S311

    def _names(self, path: str) -> bool:
        """Whole words of the path: `send` is in `…/drafts/send`, not in `…/settings/sendAs`."""
        if not self.path:
            return True
        before = r"(?<![A-Za-z0-9])" if self.path[0].isalnum() else ""
        after = r"(?![A-Za-z0-9])" if self.path[-1].isalnum() else ""
        return re.search(before + re.escape(self.path) + after, path) is not None


class Faults:
    """The rules in force; the first that strikes is used up by one. Lost at a restart."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def replace(self, rules: Sequence[Fault]) -> None:
        self.rules = list(rules)

    def strike(self, provider: str, method: str, path: str) -> Fault | None:
        for rule in self.rules:
            if rule.strikes(provider, method, path):
                if rule.count is not None:
                    rule.count -= 1
                return rule
        return None


class HeldAnswer:
    """Collects what the application answers instead of sending it."""

    def __init__(self) -> None:
        self.start: Message = {"type": "http.response.start", "status": 200, "headers": []}
        self.body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")


async def answer(
    send: Send, status: int, content_type: bytes, body: bytes, extra: Sequence[tuple[bytes, bytes]]
) -> None:
    lines = [(b"content-type", content_type), (b"content-length", str(len(body)).encode()), *extra]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})


async def garbage(send: Send) -> None:
    await answer(send, 200, b"text/html; charset=UTF-8", _GARBAGE, ())


async def trickle(send: Send, held: HeldAnswer, seconds: float) -> None:
    """Sends the answer byte by byte, evenly over the time given."""
    await send(held.start)
    for at in range(len(held.body)):
        await send({"type": "http.response.body", "body": held.body[at : at + 1], "more_body": True})
        await asyncio.sleep(seconds / len(held.body))
    await send({"type": "http.response.body", "body": b""})


async def hung_up_within(receive: Receive, seconds: float) -> bool:
    """Keeps the line open without an answer; tells whether the caller lost patience in the time given."""
    try:
        await asyncio.wait_for(_hung_up(receive), seconds)
    except TimeoutError:
        return False
    return True


async def reset(receive: Receive, send: Send) -> None:
    """Drops the connection with a TCP reset, as a failing load balancer does.

    ASGI has no word for that, so this reaches for the transport behind uvicorn's `send`.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionResetError("the sandbox dropped the connection on purpose")
    line = transport.get_extra_info("socket")
    if line is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
    transport.abort()
    await _hung_up(receive)


async def act_unheard(app: ASGIApp, scope: Scope, receive: Receive) -> HeldAnswer:
    """Lets the application act and keeps its answer back."""
    held = HeldAnswer()
    await app(scope, receive, held.send)
    return held


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
