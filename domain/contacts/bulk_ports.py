"""What bulk acts need of contacts: many at once, as few statements as there are kinds of change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.accounts.ports import Users
from domain.activities.ports import ActivityLog
from domain.background.ports import BackgroundUnit, JobChanges
from domain.contacts.lists import ContactLists
from domain.contacts.model import ContactStatusId
from domain.contacts.ports import ContactStatuses, ContactStore
from domain.shared.ids import ContactId, UserId


@dataclass(frozen=True, slots=True)
class Held:
    """A contact that nobody else changes at the moment, as far as bulk acts look at it."""

    id: ContactId
    status_id: ContactStatusId
    owner_id: UserId | None


class BulkContacts(Protocol):
    """Many contacts of the unit's organization. What is put counts as a change of each: it has a new version."""

    async def bounds(self, spans: int) -> Sequence[ContactId]:
        """The last of each span but the last one, if all contacts are divided into so many of about the same size."""
        ...

    async def present(self, contact_ids: Sequence[ContactId]) -> Sequence[ContactId]:
        """Those that exist, in the order of ids."""
        ...

    async def own_fields(self) -> Mapping[str, str]:
        """The labels of the organization's own fields by their keys, in order."""
        ...

    async def hold(self, contact_ids: Sequence[ContactId]) -> Sequence[Held]:
        """Those that exist, in the order of ids; nobody else changes them until the unit ends."""
        ...

    async def put_statuses(self, statuses: Mapping[ContactId, ContactStatusId], at: datetime) -> None:
        """Of contacts that are held. Moves their last activity, too."""
        ...

    async def put_owners(self, owners: Mapping[ContactId, UserId | None], at: datetime) -> None:
        """Of contacts that are held."""
        ...

    async def remove(self, contact_ids: Sequence[ContactId], at: datetime) -> Sequence[ContactId]:
        """From now on they are found nowhere. Gives those who are in a Salesflow."""
        ...

    async def restore(self, contact_ids: Sequence[ContactId], removed_at: datetime, at: datetime) -> set[ContactId]:
        """Those that were removed then are found again as before, but for whose address somebody else has by now."""
        ...


class BulkUnit(BackgroundUnit, Protocol):
    """A transaction of one organization, as every bulk act sees it."""

    @property
    def contacts(self) -> ContactStore: ...

    @property
    def bulk_contacts(self) -> BulkContacts: ...

    @property
    def users(self) -> Users: ...

    @property
    def job_changes(self) -> JobChanges: ...


class BulkContactsUnit(BulkUnit, Protocol):
    """A transaction of one organization, as the acts on contacts see it."""

    @property
    def contact_lists(self) -> ContactLists: ...

    @property
    def statuses(self) -> ContactStatuses: ...

    @property
    def activities(self) -> ActivityLog: ...
