"""What imports need of the store. Files are read by `domain.contacts.imports.tables`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.accounts.ports import Users
from domain.activities.ports import ActivityLog
from domain.background.ports import BackgroundUnit
from domain.contacts.bulk_ports import BulkContacts
from domain.contacts.fields import ContactFields
from domain.contacts.imports.merging import Given, Met
from domain.contacts.imports.model import ContactImport, Counts, OnExisting
from domain.contacts.lists import ContactLists
from domain.contacts.model import Contact, ContactStatusId
from domain.contacts.ports import ContactStatuses, ContactStore, Suppressions
from domain.shared.ids import ContactId, ContactImportId, ContactListId, OrganizationId, UserId
from domain.shared.paging import Page, PageRequest
from domain.shared.units import SystemUnits, Units


@dataclass(frozen=True, slots=True)
class Taking:
    """How rows are taken in: by which import, for whom, when, and what those get of whom nothing else is said."""

    import_id: ContactImportId
    by: UserId
    at: datetime
    on_existing: OnExisting
    status_id: ContactStatusId
    owner_id: UserId
    list_id: ContactListId | None = None
    # Whether rows tell about own fields.
    has_own_fields: bool = False


@dataclass(frozen=True, slots=True)
class Matched:
    """How many of the rows are of somebody who is known already, and whether there are phones that nobody calls."""

    known: int
    some_are_uncalled: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """A contact as a row has changed it."""

    line: int
    before: Contact
    after: Contact


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that was not taken: as it stood in the file, where, and why."""

    line: int
    reason: str
    cells: Sequence[str]


class ContactImports(Protocol):
    """The imports of the unit's organization, with their jobs."""

    async def add(self, import_: ContactImport) -> None: ...

    async def get(self, import_id: ContactImportId) -> ContactImport:
        """Raises NotFound."""
        ...

    async def lock(self, import_id: ContactImportId) -> ContactImport:
        """As `get`; nobody else starts or removes it until the unit ends."""
        ...

    async def page(self, user_id: UserId | None, page: PageRequest) -> Page[ContactImport]:
        """The user's, or everybody's for None, newest first. Raises InvalidCursor."""
        ...

    async def save(self, import_: ContactImport) -> None:
        """Keeps its layout, columns, options, job and file."""
        ...

    async def remove(self, import_id: ContactImportId) -> None: ...

    async def left_out(self, import_id: ContactImportId, after_line: int, limit: int) -> Sequence[LeftOut]:
        """In the order of the file."""
        ...

    async def first_met(self, import_id: ContactImportId, limit: int) -> Sequence[Met]:
        """Whom it met, without those who were forgotten."""
        ...

    async def forget_met(self, import_id: ContactImportId, contact_ids: Sequence[ContactId]) -> None:
        """What it did to them was taken back."""
        ...

    async def outlived(
        self, ended_before: datetime, uploaded_before: datetime
    ) -> tuple[OrganizationId, ContactImportId] | None:
        """One that ended before, or was uploaded before and never started. For units across organizations."""
        ...

    async def forget_rows(self, import_id: ContactImportId, limit: int) -> bool:
        """So many of those that it met and of those that were left out; whether there were any."""
        ...

    async def untouched(self, import_id: ContactImportId, contact_ids: Sequence[ContactId]) -> set[ContactId]:
        """Those whom it created, who are as it made them, and with whom nothing else has happened; nobody else changes
        them until the unit ends."""
        ...


class ImportedPeople(Protocol):
    """Takes rows of a file in, all that are staged at once, in this order: `stage`, `match`, `create`, `differing` and
    `change`, `settle`."""

    async def stage(self, rows: bytes) -> None:
        """Lays the rows out for this unit alone; imports of an organization wait for each other."""
        ...

    async def match(self, taking: Taking) -> Matched:
        """Finds out who is known already, and who came in the same file before.

        By address, also by one that somebody had as a record that became part of theirs, and that says nothing more
        then; where one of the two has none, by phone and name.
        """
        ...

    async def create(self, taking: Taking) -> int:
        """Adds those who are not known, and puts everybody on the list. Raises Contended when somebody else adds one
        of them at this moment."""
        ...

    async def phones(self) -> set[str]:
        """All that come with the rows."""
        ...

    async def keep_from_calls(self, taking: Taking, uncalled: Collection[str]) -> set[str]:
        """Makes those do-not-call who were created with one of the phones. All phones that they have."""
        ...

    async def differing(self, taking: Taking) -> Sequence[tuple[Given, Contact]]:
        """Those who are known, and of whom their row says something else; nobody else changes them until the unit
        ends. Raises Contended when one of them is deleted at this moment."""
        ...

    async def change(self, taking: Taking, changed: Sequence[Changed]) -> Sequence[ContactId]:
        """Keeps them. Those who are in a Salesflow."""
        ...

    async def restore(self, changed: Sequence[tuple[Contact, Contact]]) -> Sequence[ContactId]:
        """Keeps contacts as they were before. Those who are in a Salesflow."""
        ...

    async def settle(self, taking: Taking, changed: Sequence[Changed]) -> Counts:
        """Notes what became of each row."""
        ...


class ImportUnit(BackgroundUnit, Protocol):
    """A transaction of one organization, as imports see it."""

    @property
    def contact_imports(self) -> ContactImports: ...

    @property
    def imported_people(self) -> ImportedPeople: ...

    @property
    def contacts(self) -> ContactStore: ...

    @property
    def bulk_contacts(self) -> BulkContacts: ...

    @property
    def contact_lists(self) -> ContactLists: ...

    @property
    def statuses(self) -> ContactStatuses: ...

    @property
    def suppressions(self) -> Suppressions: ...

    @property
    def contact_fields(self) -> ContactFields: ...

    @property
    def users(self) -> Users: ...

    @property
    def activities(self) -> ActivityLog: ...


class ImportUnits(Units[ImportUnit], SystemUnits[ImportUnit], Protocol):
    """Opens units of one organization, and across all for the sweeper."""
