"""Takes mail by SMTP (RFC 5321) and puts it where all mail goes. Everybody's mail is taken; nothing is passed on."""

import asyncio
import logging
import secrets
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import format_datetime

from aiosmtpd.smtp import SMTP, Envelope, Session

from adapters.sandbox.faults import Fault, FaultKind
from adapters.sandbox.prospects.inboxes import Posting
from adapters.sandbox.request_log import LoggedRequest
from adapters.sandbox.world import World

PROVIDER = "smtp"
HOST_NAME = "sandbox"
_TIMEOUT_SECONDS = 120.0
_SLOW_SECONDS = 10.0
_LINGER_NONE = struct.pack("ii", 1, 0)
_NONSENSE = "<!DOCTYPE html>"

# It tells every command, addresses and all.
logging.getLogger("mail.log").setLevel(logging.WARNING)


@asynccontextmanager
async def listening(world: World, listener: socket.socket) -> AsyncIterator[None]:
    """Serves on a bound socket, in the running loop: the state has one loop alone."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _line(world, loop), sock=listener)
    try:
        yield
    finally:
        server.close()


def _line(world: World, loop: asyncio.AbstractEventLoop) -> SMTP:
    return SMTP(CatchAll(world), hostname=HOST_NAME, ident="ESMTP", enable_SMTPUTF8=True, loop=loop)


class CatchAll:
    """What is done at the end of a mail. aiosmtpd finds the method by its name."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The answer to the dot that ends a mail."""
        world, recipients = self._world, _lower_case(envelope)
        path = f"/{PROVIDER}/{','.join(recipients)}"
        entry = world.log.begin(world.clock.now(), PROVIDER, "DATA", path, "")
        fault = world.faults.strike(PROVIDER, "DATA", path)
        if fault is None:
            return _noted(entry, self._taken(session, envelope, recipients))
        entry.fault = fault.kind.value
        acts = fault.accepted or fault.kind in (FaultKind.ACCEPTED_THEN_RESET, FaultKind.SLOW)
        answer = self._taken(session, envelope, recipients) if acts else ""
        return await _troubled(server, fault, entry, answer)

    def _taken(self, session: Session, envelope: Envelope, recipients: tuple[str, ...]) -> str:
        """Delivers, and answers only then: who hears 250 may forget the mail (RFC 5321, 6.1)."""
        world, number = self._world, secrets.token_hex(8)
        sender = envelope.mail_from or ""
        content = envelope.original_content or b""
        trace = _trace(session, sender, number, format_datetime(world.clock.now()))
        with world.store.transaction():
            world.post_office.deliver(Posting(PROVIDER, sender.lower(), number, trace + content, recipients))
        return f"250 2.0.0 Ok: {number}"


async def _troubled(server: SMTP, fault: Fault, entry: LoggedRequest, answer: str) -> str:
    match fault.kind:
        case FaultKind.STATUS:
            return _noted(entry, f"{fault.status} {fault.status // 100}.3.0 The sandbox was told to say so")
        case FaultKind.SLOW:
            await asyncio.sleep(fault.seconds or _SLOW_SECONDS)
            return _noted(entry, answer)
        case FaultKind.GARBAGE:
            return _NONSENSE
        case FaultKind.TIMEOUT:
            await asyncio.sleep(fault.seconds or _TIMEOUT_SECONDS)
    _reset(server)
    raise asyncio.CancelledError


def _reset(server: SMTP) -> None:
    """Drops the line with a TCP reset."""
    transport = server.transport
    line = transport.get_extra_info("socket") if transport else None
    if not isinstance(transport, asyncio.Transport) or line is None:
        return
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
    transport.abort()


def _noted(entry: LoggedRequest, answer: str) -> str:
    entry.status = int(answer[:3])
    return answer


def _lower_case(envelope: Envelope) -> tuple[str, ...]:
    """Each recipient once."""
    return tuple(dict.fromkeys(address.strip().lower() for address in envelope.rcpt_tos))


def _trace(session: Session, sender: str, number: str, at: str) -> bytes:
    """What a mail server writes above a mail that it delivers (RFC 5321, 4.4)."""
    protocol = "ESMTP" if session.extended_smtp else "SMTP"
    client = session.host_name or "unknown"
    lines = f"Return-Path: <{sender}>\r\nReceived: from {client} by {HOST_NAME} with {protocol} id {number}; {at}\r\n"
    return lines.encode()
