"""One person, one record: who may be known already, before saving and among everybody.

The same address is the same person. The same phone may be a switchboard's, so it counts while few have it. The same
name counts with the same company.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.accounts.model import email_key
from domain.accounts.ports import Users
from domain.accounts.profile import email_address
from domain.accounts.public_holidays import country_of_culture
from domain.background.model import BackgroundJob, Progress
from domain.background.ports import BackgroundUnit
from domain.background.service import BackgroundWork
from domain.contacts.folding import sort_key
from domain.contacts.model import Contact
from domain.contacts.phones import phone_number
from domain.contacts.ports import ContactStore
from domain.shared.clock import Clock
from domain.shared.errors import InvalidField
from domain.shared.ids import ContactId, UserId
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal
from domain.shared.units import Units

KIND = "duplicate_search"
# Whoever has a phone together with more than these calls a switchboard.
MOST_SHARING = 4
MOST_CANDIDATES = 10
# So many contacts are compared in a piece, in about a second.
AT_ONCE = 100_000


class DuplicateReason(StrEnum):
    """In what two contacts are the same."""

    EMAIL = "email"
    PHONE = "phone"
    NAME_AND_COMPANY = "name_and_company"


@dataclass(frozen=True, slots=True)
class Described:
    """A person as somebody begins to describe them; `except_id` is whose record it is, if there is one."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    company: str | None = None
    business_phone: str | None = None
    mobile_phone: str | None = None
    except_id: ContactId | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What people are known by, in the one form in which it is compared."""

    email_key: str = ""
    name_key: str = ""
    company_key: str = ""
    phones: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact that may be the same person, and why."""

    contact: Contact
    reasons: Sequence[DuplicateReason]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two contacts that may be one person. They were alike in `found_for` when they were compared."""

    first_id: ContactId
    second_id: ContactId
    found_for: DuplicateReason
    found_at: datetime


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """The same with both contacts as they are now."""

    first: Contact
    second: Contact
    reasons: Sequence[DuplicateReason]
    found_at: datetime


class PossibleDuplicates(Protocol):
    """Pairs of the unit's organization, and by what contacts are found that are alike."""

    async def with_phones(self, phones: Collection[str], limit: int) -> Sequence[ContactId]:
        """Whoever has one of them as either phone."""
        ...

    async def with_name(self, name_key: str, company_key: str, limit: int) -> Sequence[ContactId]: ...

    async def count(self) -> int:
        """How many contacts there are to compare."""
        ...

    async def find(self, reason: DuplicateReason, part: int, parts: int, at: datetime) -> int:
        """Compares a part of the contacts and keeps the pairs as found at `at`; says how many. Those that somebody
        dismissed stay dismissed."""
        ...

    async def forget_before(self, at: datetime) -> None:
        """Pairs that were not found any more, but for dismissed ones."""
        ...

    async def page(self, page: PageRequest) -> Page[Pair]:
        """Newest first, without dismissed ones and those of which a contact is gone. Raises InvalidCursor."""
        ...

    async def dismiss(self, first_id: ContactId, second_id: ContactId, at: datetime, by: UserId) -> None:
        """In any order. May be repeated. Raises NotFound."""
        ...


class DuplicatesUnit(BackgroundUnit, Protocol):
    """A transaction of one organization, as this sees it."""

    @property
    def contacts(self) -> ContactStore: ...

    @property
    def possible_duplicates(self) -> PossibleDuplicates: ...

    @property
    def users(self) -> Users: ...


class Duplicates:
    """For everybody who sees contacts."""

    def __init__(self, *, units: Units[DuplicatesUnit], background: BackgroundWork, clock: Clock) -> None:
        self._units = units
        self._background = background
        self._clock = clock

    async def check(self, principal: Principal, described: Described) -> Sequence[Candidate]:
        """Who may be the same person, the most certain first. What is not valid (yet) finds nobody."""
        async with self._units.of(principal.organization_id) as unit:
            culture = (await unit.users.get(principal.user_id)).culture
            marks = _read(described, country_of_culture(culture))
            by_address = await unit.contacts.find_by_email(marks.email_key)
            found = await unit.contacts.many(await _alike(unit, marks) | ({by_address} if by_address else set()))
        candidates = [
            Candidate(contact, reasons)
            for contact in found.values()
            if contact.id != described.except_id
            and (reasons := reasons_of(marks, _known_by(contact, marks, by_address)))
        ]
        order = list(DuplicateReason)
        return sorted(candidates, key=lambda one: (order.index(one.reasons[0]), -len(one.reasons), one.contact.id))

    async def page(self, principal: Principal, page: PageRequest) -> Page[DuplicatePair]:
        """Pairs to look at, newest first. Raises InvalidCursor."""
        async with self._units.of(principal.organization_id) as unit:
            found = await unit.possible_duplicates.page(page)
            people = await unit.contacts.many({key for one in found.items for key in (one.first_id, one.second_id)})
        pairs = [_pair(one, people) for one in found.items if one.first_id in people and one.second_id in people]
        return Page(pairs, found.next_cursor)

    async def dismiss(self, principal: Principal, first_id: ContactId, second_id: ContactId) -> None:
        """They are two people: nobody is asked about them again. May be repeated. Raises NotFound."""
        async with self._units.of(principal.organization_id) as unit:
            await unit.possible_duplicates.dismiss(first_id, second_id, self._clock.now(), principal.user_id)

    async def search(self, principal: Principal) -> BackgroundJob:
        """Begins to compare everybody with everybody."""
        async with self._units.of(principal.organization_id) as unit:
            return await self._background.put(unit, principal, KIND, {"at": self._clock.now().isoformat()})


class DuplicateSearch:
    """The background job: a part of everybody's phones a piece, then of everybody's names."""

    async def piece(self, unit: DuplicatesUnit, job: BackgroundJob) -> Progress:
        """Parts are by the value that is compared, so that the same ones are in the same part."""
        contacts = job.total if job.total is not None else await unit.possible_duplicates.count()
        parts = max(-(-contacts // AT_ONCE), 1)
        number = job.cursor["part"] if job.cursor else 0
        at = datetime.fromisoformat(job.spec["at"])
        reason = DuplicateReason.PHONE if number < parts else DuplicateReason.NAME_AND_COMPANY
        found = await unit.possible_duplicates.find(reason, number % parts, parts, at)
        finished = number + 1 == 2 * parts
        if finished:
            await unit.possible_duplicates.forget_before(at)
        done = contacts * (number + 1) // (2 * parts) - contacts * number // (2 * parts)
        result = {"found": job.result.get("found", 0) + found}
        return Progress({"part": number + 1}, done, result, finished=finished, total=contacts)


def marks_of(contact: Contact) -> Marks:
    """What the contact is known by."""
    phones = frozenset(phone for phone in (contact.business_phone, contact.mobile_phone) if phone)
    return Marks(contact.email_key, sort_key(contact.name), sort_key(contact.company), phones)


def reasons_of(one: Marks, other: Marks) -> list[DuplicateReason]:
    """In what both are the same, the most certain first."""
    same = {
        DuplicateReason.EMAIL: one.email_key != "" and one.email_key == other.email_key,
        DuplicateReason.PHONE: bool(one.phones & other.phones),
        DuplicateReason.NAME_AND_COMPANY: "" not in (one.name_key, one.company_key)
        and (one.name_key, one.company_key) == (other.name_key, other.company_key),
    }
    return [reason for reason, holds in same.items() if holds]


async def _alike(unit: DuplicatesUnit, marks: Marks) -> set[ContactId]:
    """By phone, or by name and company."""
    found = set[ContactId]()
    if marks.phones:
        sharing = await unit.possible_duplicates.with_phones(marks.phones, MOST_SHARING + 1)
        found |= set(sharing) if len(sharing) <= MOST_SHARING else set()
    if marks.name_key and marks.company_key:
        found |= set(await unit.possible_duplicates.with_name(marks.name_key, marks.company_key, MOST_CANDIDATES))
    return found


def _known_by(contact: Contact, marks: Marks, by_address: ContactId | None) -> Marks:
    """Whoever is found by the address has it, or had it."""
    known = marks_of(contact)
    return replace(known, email_key=marks.email_key) if contact.id == by_address else known


def _read(described: Described, country: str | None) -> Marks:
    """Leaves out what is not valid."""
    address, phones = "", set()
    with suppress(InvalidField):
        if described.email and described.email.strip():
            address = email_key(email_address("/email", described.email.strip()))
    for phone in (described.business_phone, described.mobile_phone):
        with suppress(InvalidField):
            if phone and phone.strip():
                phones.add(phone_number("/phone", phone.strip(), country))
    name = " ".join(part for part in (described.first_name, described.last_name) if part)
    return Marks(address, sort_key(name), sort_key(described.company), frozenset(phones))


def _pair(pair: Pair, people: Mapping[ContactId, Contact]) -> DuplicatePair:
    """What they were found for may have changed since."""
    first, second = people[pair.first_id], people[pair.second_id]
    reasons = reasons_of(marks_of(first), marks_of(second)) or [pair.found_for]
    return DuplicatePair(first, second, reasons, pair.found_at)
