"""What the log has to offer to services."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from domain.activities.model import Activity, TimelineEntry, TimelineKind
from domain.shared.ids import ContactId
from domain.shared.paging import Page, PageRequest


class ActivityLog(Protocol):
    """The activities of the unit's organization."""

    async def append(self, activities: Iterable[Activity]) -> None:
        """Adds what happened, in the transaction that made it true, and moves the contacts' last activity forward."""
        ...

    async def append_alike(self, activity: Activity, contact_ids: Sequence[ContactId]) -> None:
        """What happened to many contacts in the same way: all but the contact is told by `activity`.

        Their last activity the unit moves forward itself, with what else it changes of them.
        """
        ...

    async def timeline(
        self, contact_id: ContactId, page: PageRequest, kind: TimelineKind | None = None
    ) -> Page[TimelineEntry]:
        """A contact's activities, newest first, but for notes that were deleted. Raises InvalidCursor."""
        ...
