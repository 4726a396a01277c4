"""Turns: work of some seconds for one of many (a mailbox, a background job), some at a time in a process."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID

import structlog

from domain.shared.errors import Unavailable
from domain.shared.ids import OrganizationId

log = structlog.get_logger(__name__)

K = TypeVar("K", bound=UUID)


@dataclass(slots=True)
class Turns(Generic[K]):
    """Tasks, one for each, a limited number at once."""

    name: str
    most: int
    act: Callable[[OrganizationId, K], Awaitable[object]]
    _tasks: dict[tuple[OrganizationId, K], asyncio.Task[None]] = field(default_factory=dict)

    @property
    def free(self) -> int:
        return self.most - len(self._tasks)

    def start(self, key: tuple[OrganizationId, K]) -> None:
        """Unless one is under way for the same, or too many are."""
        if key not in self._tasks and self.free > 0:
            task = asyncio.create_task(self._run(key))
            self._tasks[key] = task
            task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def finish(self) -> None:
        """Waits for those under way."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def _run(self, key: tuple[OrganizationId, K]) -> None:
        try:
            await self.act(*key)
        except Unavailable:
            log.warning("turn_waits", turn=self.name, of=str(key[1]))
        except Exception:
            log.exception("turn_failed", turn=self.name, of=str(key[1]))
