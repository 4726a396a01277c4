"""Lists of contacts: those that somebody put there, or all who match a filter at the moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.contacts.folding import sort_key
from domain.contacts.model import ContactFilter, ContactSort
from domain.contacts.ports import ContactStore
from domain.contacts.search_terms import search_words
from domain.shared.clock import Clock
from domain.shared.errors import AlreadyExists, Forbidden, InvalidField, NotAllowedInState, Rejected, VersionMismatch
from domain.shared.ids import ContactId, ContactListId, Ids, UserId
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal
from domain.shared.units import Units

LONGEST_NAME = 120
MOST_AT_ONCE = 10_000


class ListKind(StrEnum):
    """Whether people or a filter say who is on a list."""

    STATIC = "static"
    FILTER = "filter"


@dataclass(frozen=True, slots=True)
class ContactList:
    """A list that everybody of the organization sees. `filter` is there for lists by filter alone."""

    id: ContactListId
    name: str
    kind: ListKind
    user_id: UserId | None
    created_at: datetime
    updated_at: datetime
    filter: ContactFilter | None = None
    user_name: str | None = None
    version: int = 1

    @property
    def name_key(self) -> str:
        """One form of all spellings of the name."""
        return sort_key(self.name)

    def require_editor(self, principal: Principal) -> None:
        """Raises Forbidden for whoever neither made the list nor is an Administrator."""
        if not principal.is_administrator and principal.user_id != self.user_id:
            raise Forbidden("Only who made a list and Administrators can change it.", "list_not_own")

    def require_static(self) -> None:
        """Raises NotAllowedInState where a filter says who is on the list."""
        if self.kind is not ListKind.STATIC:
            raise NotAllowedInState("A filter says who is on this list.", "list_by_filter")


@dataclass(frozen=True, slots=True)
class CountedList:
    """A list, and how many are on it: up to 100,000, which reads "100,000 or more"."""

    list: ContactList
    members: int


class ContactLists(Protocol):
    """The lists of the unit's organization. Deleted ones are not there any more."""

    async def add(self, list_: ContactList) -> None:
        """Raises AlreadyExists for a name that another list has."""
        ...

    async def get(self, list_id: ContactListId) -> ContactList:
        """Raises NotFound."""
        ...

    async def find(self, list_id: ContactListId) -> ContactList | None:
        """The same, or nothing."""
        ...

    async def lock(self, list_id: ContactListId) -> ContactList:
        """As `get`; nobody else changes it until the unit ends."""
        ...

    async def save(self, list_: ContactList) -> ContactList:
        """Keeps a changed list under its next version. Raises VersionMismatch, AlreadyExists for the name."""
        ...

    async def remove(self, list_id: ContactListId, at: datetime) -> None:
        """From now on it is found nowhere."""
        ...

    async def page(self, page: PageRequest) -> Page[ContactList]:
        """By name. Raises InvalidCursor."""
        ...

    async def of_contact(self, contact_id: ContactId) -> Sequence[ContactList]:
        """The static lists on which the contact stands, by name."""
        ...

    async def count(self, list_ids: Iterable[ContactListId]) -> dict[ContactListId, int]:
        """How many contacts stand on these static lists, each up to 100,000."""
        ...

    async def put_members(
        self, list_id: ContactListId, contact_ids: Sequence[ContactId], at: datetime
    ) -> set[ContactId]:
        """Those of the contacts that exist and were not on the list before."""
        ...

    async def take_members(self, list_id: ContactListId, contact_ids: Sequence[ContactId]) -> set[ContactId]:
        """Those that were on the list."""
        ...


class ListsUnit(Protocol):
    """A transaction of one organization, as lists see it."""

    @property
    def contact_lists(self) -> ContactLists: ...

    @property
    def contacts(self) -> ContactStore: ...


class Lists:
    """Everybody sees all lists, makes new ones and says who is on them; who made one and Administrators change it."""

    def __init__(self, *, units: Units[ListsUnit], clock: Clock, ids: Ids) -> None:
        self._units = units
        self._clock = clock
        self._ids = ids

    async def page(self, principal: Principal, page: PageRequest) -> Page[CountedList]:
        """By name. Raises InvalidCursor."""
        async with self._units.of(principal.organization_id) as unit:
            found = await unit.contact_lists.page(page)
            return Page(await _counted(unit, found.items), found.next_cursor)

    async def get(self, principal: Principal, list_id: ContactListId) -> CountedList:
        """Raises NotFound."""
        async with self._units.of(principal.organization_id) as unit:
            return await _one(unit, await unit.contact_lists.get(list_id))

    async def of_contact(self, principal: Principal, contact_id: ContactId) -> Sequence[ContactList]:
        """The static lists on which the contact stands, by name."""
        async with self._units.of(principal.organization_id) as unit:
            return await unit.contact_lists.of_contact(contact_id)

    async def create(
        self, principal: Principal, name: str, matching: ContactFilter | None = None, kind: ListKind | None = None
    ) -> CountedList:
        """A static list, or one of all who match; a `kind` has to fit. Raises InvalidField, AlreadyExists (name)."""
        now = self._clock.now()
        new = ContactList(
            id=ContactListId(self._ids.new()),
            name=_name(name),
            kind=_kind(matching, kind),
            user_id=principal.user_id,
            created_at=now,
            updated_at=now,
            filter=matching,
        )
        async with self._units.of(principal.organization_id) as unit:
            await _require_plain(unit, matching)
            await unit.contact_lists.add(new)
            return await _one(unit, await unit.contact_lists.get(new.id))

    async def change(
        self,
        principal: Principal,
        list_id: ContactListId,
        *,
        name: str | None = None,
        matching: ContactFilter | None = None,
        version: int | None = None,
    ) -> CountedList:
        """What is None stays. Raises NotFound, Forbidden, VersionMismatch, InvalidField, AlreadyExists for the name.

        NotAllowedInState for the filter of a static list.
        """
        async with self._units.of(principal.organization_id) as unit:
            before = await self._editable(unit, principal, list_id, version)
            if matching is not None and before.kind is ListKind.STATIC:
                raise NotAllowedInState("A static list has no filter.", "list_static")
            await _require_plain(unit, matching)
            after = replace(
                before,
                name=before.name if name is None else _name(name),
                filter=before.filter if matching is None else matching,
            )
            if after != before:
                after = await unit.contact_lists.save(replace(after, updated_at=self._clock.now()))
            return await _one(unit, after)

    async def delete(self, principal: Principal, list_id: ContactListId) -> None:
        """The contacts stay. Raises NotFound, Forbidden."""
        async with self._units.of(principal.organization_id) as unit:
            await self._editable(unit, principal, list_id, None)
            await unit.contact_lists.remove(list_id, self._clock.now())

    async def add_members(
        self, principal: Principal, list_id: ContactListId, contact_ids: Sequence[ContactId]
    ) -> CountedList:
        """May be repeated; contacts that do not exist are left out. Raises NotFound, NotAllowedInState."""
        async with self._units.of(principal.organization_id) as unit:
            found = await unit.contact_lists.get(list_id)
            found.require_static()
            await unit.contact_lists.put_members(list_id, contact_ids, self._clock.now())
            return await _one(unit, found)

    async def remove_members(
        self, principal: Principal, list_id: ContactListId, contact_ids: Sequence[ContactId]
    ) -> CountedList:
        """May be repeated. Raises NotFound, NotAllowedInState."""
        async with self._units.of(principal.organization_id) as unit:
            found = await unit.contact_lists.get(list_id)
            found.require_static()
            await unit.contact_lists.take_members(list_id, contact_ids)
            return await _one(unit, found)

    async def _editable(
        self, unit: ListsUnit, principal: Principal, list_id: ContactListId, version: int | None
    ) -> ContactList:
        found = await unit.contact_lists.lock(list_id)
        found.require_editor(principal)
        if version is not None and version != found.version:
            raise VersionMismatch
        return found


def name_taken() -> AlreadyExists:
    """Another list is called so, however it is spelled."""
    return AlreadyExists("There is a list with this name already.", "list_name")


def require_findable(matching: ContactFilter) -> None:
    """Raises Rejected for a filter by which nobody can be looked for."""
    try:
        search_words(matching.q)
    except Rejected as rejected:
        raise Rejected([error.at("/filter/q") for error in rejected.errors]) from rejected


async def _require_plain(unit: ListsUnit, matching: ContactFilter | None) -> None:
    """A filter may name a static list, and no other: lists by filter could name each other. Raises InvalidField."""
    if matching is None:
        return
    require_findable(matching)
    if matching.list_id is None:
        return
    named = await unit.contact_lists.find(matching.list_id)
    if named is None or named.kind is not ListKind.STATIC:
        raise InvalidField("/filter/list_id", "unknown_list", "Choose a list that people say who is on.")


async def _one(unit: ListsUnit, list_: ContactList) -> CountedList:
    [counted] = await _counted(unit, [list_])
    return counted


async def _counted(unit: ListsUnit, lists: Sequence[ContactList]) -> list[CountedList]:
    static = await unit.contact_lists.count([one.id for one in lists if one.filter is None])
    counted = []
    for one in lists:
        members = static.get(one.id, 0) if one.filter is None else await _matching(unit, one.filter)
        counted.append(CountedList(one, members))
    return counted


async def _matching(unit: ListsUnit, matching: ContactFilter) -> int:
    page = await unit.contacts.page(matching, ContactSort.CREATED_DESC, PageRequest(limit=1, total=True))
    return page.total or 0


def _kind(matching: ContactFilter | None, given: ListKind | None) -> ListKind:
    kind = ListKind.STATIC if matching is None else ListKind.FILTER
    if given is ListKind.FILTER and kind is ListKind.STATIC:
        raise InvalidField("/filter", "required", "A list by filter needs one.")
    if given is ListKind.STATIC and kind is ListKind.FILTER:
        raise InvalidField("/filter", "not_for_static_lists", "Whom people put there stand on a static list.")
    return kind


def _name(given: str) -> str:
    name = given.strip()
    if not name:
        raise InvalidField("/name", "required", "Give the list a name.")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidField("/name", "invalid_text", f"A name is one line of at most {LONGEST_NAME} characters.")
    return name
