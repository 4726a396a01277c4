"""The time that the sandbox and everybody who reads its clock file see; it can be moved forwards and never back."""

import asyncio
import os
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

_OFFSET = struct.Struct("<d")


class BackwardsError(ValueError):
    """The time asked for lies before the present one."""


class MovableClock:
    """Sandbox time is system time plus the seconds in a file of eight bytes (little-endian double).

    The file is written in place, so that readers who map it into memory see the change at once.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.stat().st_size < _OFFSET.size:
            path.write_bytes(_OFFSET.pack(0.0))
        self._file = os.open(path, os.O_RDWR)
        self._moved = asyncio.Event()

    @property
    def ahead(self) -> float:
        """Seconds by which sandbox time is ahead of system time."""
        return float(_OFFSET.unpack(os.pread(self._file, _OFFSET.size, 0))[0])

    def now(self) -> datetime:
        """Sandbox time: dates of mail, what a prospect's act is dated."""
        return datetime.fromtimestamp(time.time() + self.ahead, UTC)

    def system(self) -> datetime:
        """Real time: lifetimes of tokens and codes, rates, the age of history."""
        return datetime.fromtimestamp(time.time(), UTC)

    def advance(self, by: timedelta) -> datetime:
        """Moves the time forwards; BackwardsError for a negative step."""
        if by < timedelta(0):
            raise BackwardsError("the clock moves forwards only")
        os.pwrite(self._file, _OFFSET.pack(self.ahead + by.total_seconds()), 0)
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
        return self.now()

    def move_to(self, at: datetime) -> datetime:
        """Moves the time forwards to an instant; BackwardsError when it has passed."""
        return self.advance(at - self.now())

    async def until(self, at: datetime) -> None:
        """Returns when sandbox time has reached `at`, by waiting or by a move of the clock."""
        while (left := (at - self.now()).total_seconds()) > 0:
            try:
                await asyncio.wait_for(self._moved.wait(), left)
            except TimeoutError:
                continue
