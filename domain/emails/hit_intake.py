"""Takes in visits of tracked addresses: answered at once, stored in batches a moment later.

Up to a quarter of a second of visits can be lost when the process is killed; a graceful stop loses none.
"""

import asyncio
from collections import deque
from contextlib import suppress
from itertools import islice
from typing import Protocol

import structlog

from domain.emails.model import Hit
from domain.emails.ports import HitStore
from domain.shared.errors import Unavailable
from domain.shared.units import SystemUnits

log = structlog.get_logger(__name__)

FLUSH_SECONDS = 0.25
BATCH = 1_000
# About a minute at full speed while the database is away; then the oldest go.
MOST_WAITING = 200_000


class HitsUnit(Protocol):
    """A transaction across organizations, as the intake sees it."""

    @property
    def hits(self) -> HitStore: ...


class HitIntake:
    """The buffer of one process."""

    def __init__(self, units: SystemUnits[HitsUnit]) -> None:
        self._units = units
        self._waiting: deque[Hit] = deque(maxlen=MOST_WAITING)
        self._flushing: asyncio.Task[None] | None = None
        self._full = asyncio.Event()
        self._storing = asyncio.Lock()

    def take(self, hit: Hit) -> None:
        """Keeps the visit and returns at once."""
        self._waiting.append(hit)
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush_soon())
        elif len(self._waiting) >= BATCH:
            self._full.set()

    async def close(self) -> None:
        """Stores what waits."""
        if self._flushing:
            self._full.set()
            await self._flushing
        await self._flush()

    async def _flush_soon(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._full.wait(), FLUSH_SECONDS)
        self._full.clear()
        try:
            await self._flush()
        finally:
            self._flushing = None
            if self._waiting and not self._full.is_set():
                self._flushing = asyncio.create_task(self._flush_soon())

    async def _flush(self) -> None:
        async with self._storing:
            while self._waiting:
                batch = list(islice(self._waiting, BATCH))
                try:
                    async with self._units.system() as unit:
                        await unit.hits.add(batch)
                except Unavailable:
                    log.warning("hits_wait", waiting=len(self._waiting))
                    return
                for _ in range(min(len(batch), len(self._waiting))):
                    self._waiting.popleft()
