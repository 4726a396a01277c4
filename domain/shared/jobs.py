"""Work to be done after the commit: rows of an outbox, written in the transaction that makes them necessary."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from domain.shared.ids import OrganizationId


@dataclass(frozen=True, slots=True)
class Job:
    """A bell, not a message: the payload names rows, the handler looks what is true. May run more than once.

    `id` is that of its row, the same each time it runs; None until it is in the outbox. It is rung for after `delay`.
    """

    kind: str
    organization_id: OrganizationId
    payload: dict[str, str] = field(default_factory=dict)
    id: UUID | None = field(default=None, compare=False)
    delay: timedelta = timedelta()


class Jobs(Protocol):
    """The outbox of a unit of work."""

    async def put(self, *jobs: Job) -> None:
        """Enqueued when, and only when, the unit commits."""
        ...
