"""Time as the domain sees it."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Two times: business time decides what is due, system time decides how long secrets, leases and throttles live.

    They differ only beside the sandbox, where business time can be moved forward to watch a Salesflow run.
    """

    def now(self) -> datetime:
        """Business time as a UTC instant."""
        ...

    def system(self) -> datetime:
        """The machine's time as a UTC instant."""
        ...
