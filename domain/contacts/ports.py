"""What contacts need from the outside: stores inside of a unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.accounts.ports import Users
from domain.activities.ports import ActivityLog
from domain.contacts.fields import ContactFields
from domain.contacts.model import Contact, ContactFilter, ContactSort, ContactStatus
from domain.contacts.suppression import SuppressionKind
from domain.shared.ids import ContactId, UserId
from domain.shared.jobs import Jobs
from domain.shared.paging import Page, PageRequest


class ListedContact(Protocol):
    """A contact as lists show it, by the names of the API: rows go to the answer without a detour, and own fields as
    the JSON that they are."""

    id: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Of a contact, among those who match in their order; None at the ends."""

    previous: ContactId | None
    next: ContactId | None


class ContactStore(Protocol):
    """The contacts of the unit's organization. Deleted ones are not there any more."""

    async def get(self, contact_id: ContactId) -> Contact:
        """Raises NotFound."""
        ...

    async def many(self, contact_ids: Iterable[ContactId]) -> dict[ContactId, Contact]:
        """Those that exist."""
        ...

    async def lock(self, contact_id: ContactId) -> Contact:
        """As `get`; nobody else changes it until the unit ends. Enrollments are locked later. Raises NotFound."""
        ...

    async def lock_current(self, contact_id: ContactId) -> Contact:
        """The same, of the one that it was merged into by now: for what is told about a person. Raises NotFound."""
        ...

    async def find_by_email(self, email_key: str) -> ContactId | None:
        """The one contact with this address; else the one that had it, also as a record that became part of it."""
        ...

    async def add(self, contacts: Sequence[Contact]) -> set[ContactId]:
        """In one statement. Those that were added: who has an address by which another contact is found is left out."""
        ...

    async def save(self, contact: Contact) -> Contact:
        """Keeps a changed contact under its next version. Raises VersionMismatch, AlreadyExists for the address."""
        ...

    async def remove(self, contact_id: ContactId, at: datetime) -> None:
        """From now on it is found nowhere; its history stays. Raises NotFound."""
        ...

    async def page(self, matching: ContactFilter, sort: ContactSort, page: PageRequest) -> Page[ListedContact]:
        """A page of the directory in at most three statements. Raises InvalidCursor, InvalidField for too many words.

        The total is counted when asked for, up to 100,000, which reads "100,000 or more".
        """
        ...

    async def neighbours(self, contact_id: ContactId, matching: ContactFilter, sort: ContactSort) -> Neighbours:
        """Who comes before and after the contact. Raises NotFound, InvalidField for too many words."""
        ...

    async def ids_matching(self, matching: ContactFilter, limit: int) -> Sequence[ContactId]:
        """Of those that match, newest first, at most `limit`. Raises InvalidField for too many words."""
        ...

    async def ids_after(
        self, matching: ContactFilter, after_id: ContactId | None, limit: int, created_before: datetime
    ) -> Sequence[ContactId]:
        """Of those that match and were created before, the next in the order of ids. For work in pieces: a contact
        that was changed meanwhile may come to match, or cease to, and one that is behind is not met again.

        Raises InvalidField for too many words.
        """
        ...

    async def count(self, matching: ContactFilter) -> int:
        """How many match at this moment, exactly. Raises InvalidField for too many words."""
        ...


class ContactStatuses(Protocol):
    """The values of the Contact Status list."""

    async def add_defaults(self) -> None:
        """Gives a new organization the statuses that it begins with."""
        ...

    async def all(self) -> Sequence[ContactStatus]:
        """In their order."""
        ...


class Suppressions(Protocol):
    """Addresses, domains and phones that must not be used. Kept as keyed hashes: they outlive the contacts."""

    async def add(self, addresses: Iterable[str], reason: str, at: datetime) -> None:
        """As the person asked for: for good. Repeating it changes nothing."""
        ...

    async def hits(self, email_keys: Iterable[str]) -> set[str]:
        """Those that must not be written to, by address or by domain."""
        ...

    async def put(
        self, kind: SuppressionKind, values: Iterable[str], reason: str, at: datetime, by: UserId | None
    ) -> None:
        """Values in their one form. Repeating it changes nothing, but that what the person asks for is the person's."""
        ...

    async def lift(self, kind: SuppressionKind, values: Iterable[str], reason: str) -> None:
        """Removes the entries that users made for that reason; what the persons asked for stays."""
        ...

    async def uncalled(self, phones: Iterable[str]) -> set[str]:
        """Those of the phones (E.164) that must not be called."""
        ...


class OptOutUnit(Protocol):
    """A transaction, as far as a change of whether a contact may be written to is concerned."""

    @property
    def contacts(self) -> ContactStore: ...

    @property
    def suppressions(self) -> Suppressions: ...

    @property
    def activities(self) -> ActivityLog: ...


class ContactsUnit(OptOutUnit, Protocol):
    """A transaction of one organization, as contacts see it."""

    @property
    def statuses(self) -> ContactStatuses: ...

    @property
    def contact_fields(self) -> ContactFields: ...

    @property
    def users(self) -> Users: ...

    @property
    def jobs(self) -> Jobs: ...
