"""How many requests a user may make a minute: counted in this process, so every API process has a count of its own."""

import time
from collections.abc import Callable
from datetime import timedelta
from math import ceil
from typing import NamedTuple

from domain.shared.errors import TooManyRequests
from domain.shared.ids import UserId

WINDOW_SECONDS = 60


class Standing(NamedTuple):
    """What is left to a user: of `limit` requests `remaining`, until `reset` seconds from now."""

    limit: int
    remaining: int
    reset: int

    def headers(self) -> list[tuple[bytes, bytes]]:
        """As draft-ietf-httpapi-ratelimit-headers-05 writes them."""
        return [
            (b"ratelimit-limit", b"%d" % self.limit),
            (b"ratelimit-remaining", b"%d" % self.remaining),
            (b"ratelimit-reset", b"%d" % self.reset),
        ]


class RequestLimits:
    """Fixed windows, the same for everybody. Counts of past windows are dropped: one number a user of this minute."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = per_minute
        self._clock = clock
        self._window = -1
        self._counts: dict[UserId, int] = {}

    @property
    def users(self) -> int:
        """How many asked in this minute."""
        return len(self._counts)

    def take(self, user_id: UserId) -> Standing:
        """Counts one request. Raises TooManyRequests when the user has none left."""
        now = self._clock()
        window = int(now // WINDOW_SECONDS)
        if window != self._window:
            self._window, self._counts = window, {}
        taken = self._counts.get(user_id, 0)
        reset = ceil((window + 1) * WINDOW_SECONDS - now) or 1
        if taken >= self._limit:
            raise TooManyRequests(
                timedelta(seconds=reset), "Too many requests. Wait a little.", "requests", limit=self._limit
            )
        self._counts[user_id] = taken + 1
        return Standing(self._limit, self._limit - taken - 1, reset)
