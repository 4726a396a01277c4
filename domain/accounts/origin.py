"""Where a request came from, for the audit log: set at the edge, read when something is recorded."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """All empty for what the system does by itself and for the command line."""

    address: str = ""
    user_agent: str = ""
    request_id: str = ""


_current: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - it is frozen


def origin() -> Origin:
    """Of what is being done now."""
    return _current.get()


def comes_from(where: Origin) -> None:
    """From here on, in this task."""
    _current.set(where)
