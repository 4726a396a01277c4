"""Sending: finds mailboxes with something to do and gives each a turn, some at a time."""

import asyncio
from uuid import UUID

import structlog

from adapters.bootstrap import Container
from domain.shared.ids import MailboxId, OrganizationId
from domain.shared.jobs import Job
from workers.job import Handler
from workers.schedule import Sweep
from workers.turns import Turns

log = structlog.get_logger(__name__)

# As many mailboxes as one process serves at a time; each waits for its provider most of the while.
SENDING_AT_ONCE = 24
# Why nobody can look up what is uncertain, except its user.
DISCONNECTED = "mailbox_disconnected"


def sending_turns(services: Container, stopping: asyncio.Event) -> Turns[MailboxId]:
    """Turns at sending; after `stopping` each finishes its current email."""

    async def send(organization_id: OrganizationId, mailbox_id: MailboxId) -> None:
        await services.sending.run(organization_id, mailbox_id, stopping)

    return Turns("send", SENDING_AT_ONCE, send)


def sweeps(services: Container, turns: Turns[MailboxId]) -> list[Sweep]:
    """What is to be sent, and what goes on elsewhere."""

    async def send() -> None:
        if turns.free > 0:
            async with services.units.system() as unit:
                keys = await unit.mailboxes.waiting_to_send(services.clock.now(), 4 * SENDING_AT_ONCE)
            for key in keys:
                turns.start(key)

    async def move() -> int:
        async with services.units.system() as unit:
            stranded = await unit.emails.hand_over_stranded(DISCONNECTED)
            moved = await unit.emails.move_to_current_mailboxes()
        if stranded:
            log.error("sends_need_human", emails=stranded, code=DISCONNECTED)
        return moved

    return [Sweep("send", 0.5, send), Sweep("move_emails", 15, move)]


def bell(turns: Turns[MailboxId]) -> Handler:
    """A job that says that there is something to do for a mailbox; its turn begins unless it has one already."""

    async def ring(_: Container, job: Job) -> None:
        turns.start((job.organization_id, MailboxId(UUID(job.payload["mailbox_id"]))))

    return ring
