"""What the log has to offer to services."""

from collections.abc import Iterable
from typing import Protocol

from domain.activities.model import Activity, TimelineEntry
from domain.shared.ids import ContactId
from domain.shared.paging import Page, PageRequest


class ActivityLog(Protocol):
    """The activities of the unit's organization."""

    async def append(self, activities: Iterable[Activity]) -> None:
        """Adds what happened, in the transaction that made it true, and moves the contacts' last activity forward."""
        ...

    async def timeline(self, contact_id: ContactId, page: PageRequest) -> Page[TimelineEntry]:
        """A contact's activities, newest first. Raises InvalidCursor."""
        ...
