"""Acts that prospects put off: done when sandbox time comes to them, be it by waiting or by a move of the clock."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from adapters.sandbox.clock import MovableClock

_log = logging.getLogger(__name__)


class Later:
    """Kept in memory: what was put off is forgotten at a restart."""

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    def after(self, delay: timedelta, act: Callable[[], Awaitable[object]]) -> None:
        task = asyncio.create_task(self._do(delay, act))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _do(self, delay: timedelta, act: Callable[[], Awaitable[object]]) -> None:
        await self._clock.until(self._clock.now() + delay)
        try:
            await act()
        except Exception:
            _log.exception("an act that was put off failed")
