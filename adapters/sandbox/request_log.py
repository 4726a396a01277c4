"""Every request that a stand-in received, in memory, newest last; lost at a restart."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

_KEPT = 200_000
_IDENTIFIER = re.compile(r"(?<=/)(?=[^/]*\d)[\w.@%+-]{8,}(?=/|$)")


@dataclass(slots=True)
class LoggedRequest:
    """`status` is None while there was no answer: still under way, or the line was dropped. `at` is sandbox time."""

    number: int
    at: datetime
    provider: str
    method: str
    path: str
    query: str
    status: int | None = None
    fault: str | None = None
    milliseconds: float | None = None


class RequestLog:
    def __init__(self) -> None:
        self._requests: deque[LoggedRequest] = deque(maxlen=_KEPT)
        self._number = 0

    def begin(self, at: datetime, provider: str, method: str, path: str, query: str) -> LoggedRequest:
        self._number += 1
        entry = LoggedRequest(self._number, at, provider, method, path, query)
        self._requests.append(entry)
        return entry

    def clear(self) -> None:
        self._requests.clear()

    def report(self, provider: str | None, path: str | None, limit: int) -> dict[str, Any]:
        """The newest requests first, how many there were in all, and how many of each kind (ids in paths left out)."""
        found = list(self._matching(provider, path))
        kinds = Counter(f"{entry.method} {_IDENTIFIER.sub('{id}', entry.path)}" for entry in found)
        return {
            "count": len(found),
            "counts": dict(sorted(kinds.items())),
            "items": [asdict(entry) for entry in found[: -limit - 1 : -1]],
        }

    def _matching(self, provider: str | None, path: str | None) -> Iterator[LoggedRequest]:
        for entry in self._requests:
            if provider in (None, entry.provider) and (path is None or path in entry.path):
                yield entry
