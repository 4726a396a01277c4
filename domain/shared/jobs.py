"""Work to be done after the commit: rows of an outbox, written in the transaction that makes them necessary."""

from dataclasses import dataclass, field
from typing import Protocol

from domain.shared.ids import OrganizationId


@dataclass(frozen=True, slots=True)
class Job:
    """A bell, not a message: the payload names rows, the handler looks what is true. May run more than once."""

    kind: str
    organization_id: OrganizationId
    payload: dict[str, str] = field(default_factory=dict)


class Jobs(Protocol):
    """The outbox of a unit of work."""

    async def put(self, *jobs: Job) -> None:
        """Enqueued when, and only when, the unit commits."""
        ...
