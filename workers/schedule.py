"""Sweeps: what is due is found in PostgreSQL again and again, whatever became of the bells."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog

from domain.shared.errors import Unavailable

log = structlog.get_logger(__name__)

PAUSE_AFTER_FAULT = 1.0


@dataclass(frozen=True, slots=True)
class Sweep:
    """Work that is looked for every so many seconds, at once again as long as `work` finds some (a true answer)."""

    name: str
    every: float
    work: Callable[[], Awaitable[Any]]

    async def repeat(self, stopping: asyncio.Event) -> None:
        """Until `stopping`. Faults are logged and survived."""
        while not stopping.is_set():
            found, pause = False, self.every
            try:
                found = bool(await self.work())
            except Unavailable:
                log.warning("sweep_waits", sweep=self.name)
                pause = max(pause, PAUSE_AFTER_FAULT)
            except Exception:
                log.exception("sweep_failed", sweep=self.name)
                pause = max(pause, PAUSE_AFTER_FAULT)
            await waited(stopping, 0.0 if found else pause)


async def waited(stopping: asyncio.Event, seconds: float) -> bool:
    """Waits, but not longer than until `stopping`. Whether that was set."""
    if seconds <= 0:
        await asyncio.sleep(0)
        return stopping.is_set()
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return False
    return True
