"""Sending: finds mailboxes with something to do and gives each a turn, some at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from adapters.bootstrap import Container
from domain.shared.errors import Unavailable
from domain.shared.ids import MailboxId, OrganizationId
from domain.shared.jobs import Job
from workers.job import Handler
from workers.schedule import Sweep

log = structlog.get_logger(__name__)

Key = tuple[OrganizationId, MailboxId]

# As many mailboxes as one process serves at a time; each waits for its provider most of the while.
SENDING_AT_ONCE = 24
# Why nobody can look up what is uncertain, except its user.
DISCONNECTED = "mailbox_disconnected"


@dataclass(slots=True)
class Turns:
    """Tasks for mailboxes, one for each, a limited number at once."""

    name: str
    most: int
    act: Callable[[OrganizationId, MailboxId], Awaitable[object]]
    _tasks: dict[Key, asyncio.Task[None]] = field(default_factory=dict)

    @property
    def free(self) -> int:
        return self.most - len(self._tasks)

    def start(self, key: Key) -> None:
        """Unless one is under way for this mailbox, or too many are."""
        if key not in self._tasks and self.free > 0:
            task = asyncio.create_task(self._run(key))
            self._tasks[key] = task
            task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def finish(self) -> None:
        """Waits for those under way."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def _run(self, key: Key) -> None:
        try:
            await self.act(*key)
        except Unavailable:
            log.warning("turn_waits", turn=self.name, mailbox_id=str(key[1]))
        except Exception:
            log.exception("turn_failed", turn=self.name, mailbox_id=str(key[1]))


def sending_turns(services: Container, stopping: asyncio.Event) -> Turns:
    """Turns at sending; after `stopping` each finishes its current email."""

    async def send(organization_id: OrganizationId, mailbox_id: MailboxId) -> None:
        await services.sending.run(organization_id, mailbox_id, stopping)

    return Turns("send", SENDING_AT_ONCE, send)


def sweeps(services: Container, turns: Turns) -> list[Sweep]:
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


def bell(turns: Turns) -> Handler:
    """A job that says that there is something to do for a mailbox; its turn begins unless it has one already."""

    async def ring(_: Container, job: Job) -> None:
        turns.start((job.organization_id, MailboxId(UUID(job.payload["mailbox_id"]))))

    return ring
