"""The directory: pages of contacts by filter, words and order, in few statements.

Every condition (a word, a status, an owner) names a set of contacts. Where one index gives filter and order at once,
it is walked. Else it is asked first how large the sets are, and decided then which way is the shortest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2s
from typing import Any
from uuid import UUID

from adapters.postgres.connection import Transaction
from adapters.postgres.contact_conditions import BY_ID, Condition, Kind, bound
from adapters.postgres.contact_finding import Shape, is_by_creation, sort_column
from adapters.postgres.contact_meanings import Meanings
from adapters.postgres.contact_rows import entries, named
from adapters.postgres.contact_statements import (
    ids_statement,
    key_statement,
    next_statement,
    page_statement,
    piece_statement,
    total_statement,
)
from adapters.postgres.contact_ways import Counted, Route, Way, chosen
from adapters.postgres.names import Names
from adapters.postgres.paging import read_cursor, write_cursor
from domain.contacts.filters import document_of
from domain.contacts.model import ContactFilter, ContactSort
from domain.contacts.ports import ListedContact, Neighbours
from domain.shared.errors import NotFound
from domain.shared.ids import ContactId, OrganizationId
from domain.shared.paging import Page, PageRequest

# Limits are literals, as the planner forgets that a bound one is small; so there are few of them.
FETCHED = (26, 51, 101, 201)
# For work in pieces, of which each reads the smallest set anew.
READ_AT_ONCE = 20_000
BY_ACTIVITY = (ContactSort.ACTIVITY, ContactSort.ACTIVITY_DESC)


class ContactSearch:
    """Finds contacts of the transaction's organization."""

    def __init__(
        self, transaction: Transaction, organization_id: OrganizationId | None, names: Names, meanings: Meanings
    ) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._names = names
        self._meanings = meanings

    async def page(self, matching: ContactFilter, sort: ContactSort, page: PageRequest) -> Page[ListedContact]:
        """See domain.contacts.ports.ContactStore."""
        order = order_of(matching, sort)
        after = read_cursor(order, page.cursor, _kinds_of_key(sort)) if page.cursor else None
        conditions = await self._conditions(matching)
        if conditions is None:
            return Page([], None, 0 if page.total else None)
        fetched = next(size for size in FETCHED if size > page.limit)
        route, conditions = await self._route(conditions, sort, fetched)
        shape = Shape(
            sort=sort,
            fetched=fetched,
            kinds=_kinds(conditions),
            after=after is not None,
            total=page.total,
            way=route.way,
            at_hand=route.at_hand,
            reach=route.reach,
            goes_on=route.goes_on,
            few_elsewhere=route.few_elsewhere,
        )
        values = bound(conditions)
        if after:
            values |= {"after": after[0], "after_id": after[-1]}
        rows = await self._transaction.fetch(page_statement(shape), **values)
        names = await self._names.of(self._transaction, self._organization_id, named(rows))
        return _page(rows, names, order, page, shape)

    async def neighbours(self, contact_id: ContactId, matching: ContactFilter, sort: ContactSort) -> Neighbours:
        """See domain.contacts.ports.ContactStore."""
        rows = await self._transaction.fetch(key_statement(sort), contact_id=contact_id)
        if not rows:
            raise NotFound("contact")
        conditions = await self._conditions(matching)
        if conditions is None:
            return Neighbours(None, None)
        route, conditions = await self._route(conditions, sort, 1)
        here = {**bound(conditions), "after": rows[0]["sort_key"], "after_id": contact_id}
        by = route.way, route.at_hand, route.reach, route.goes_on, route.few_elsewhere
        ahead = Shape(sort, 1, _kinds(conditions), True, False, *by)
        found = [
            await self._transaction.fetch(next_statement(shape), **here)
            for shape in (replace(ahead, sort=sort.backwards), ahead)
        ]
        previous, following = (ContactId(rows[0]["id"]) if rows else None for rows in found)
        return Neighbours(previous, following)

    async def ids(self, matching: ContactFilter, limit: int) -> Sequence[ContactId]:
        """Newest first."""
        conditions = await self._conditions(matching)
        if conditions is None:
            return []
        rows = await self._transaction.fetch(ids_statement(_kinds(conditions)), **bound(conditions), limit=limit)
        return [ContactId(row["id"]) for row in rows]

    async def ids_after(
        self, matching: ContactFilter, after_id: ContactId | None, limit: int, created_before: datetime
    ) -> Sequence[ContactId]:
        """See domain.contacts.ports.ContactStore."""
        conditions = await self._conditions(matching)
        if conditions is None:
            return []
        rare, common = _by_rarity(conditions)
        counted = await self._sizes(rare) if rare else []
        first = min(range(len(rare)), key=lambda number: counted[number].size, default=0)
        conditions = [*rare[first : first + 1], *rare[:first], *rare[first + 1 :], *common]
        whole = bool(rare) and counted[first].size <= READ_AT_ONCE
        statement = piece_statement(_kinds(conditions), whole, after_id is not None)
        values = {**bound(conditions), "after_id": after_id, "created_before": created_before, "limit": limit}
        return [ContactId(row["id"]) for row in await self._transaction.fetch(statement, **values)]

    async def count(self, matching: ContactFilter) -> int:
        """See domain.contacts.ports.ContactStore."""
        conditions = await self._conditions(matching)
        if conditions is None:
            return 0
        [row] = await self._transaction.fetch(total_statement(_kinds(conditions)), **bound(conditions))
        return int(row["matching"])

    async def _conditions(self, matching: ContactFilter) -> list[Condition] | None:
        return await self._meanings.conditions(self._transaction, self._organization_id, matching)

    async def _sizes(self, conditions: Sequence[Condition], key: str = "") -> list[Counted]:
        return await self._meanings.sizes.of(self._transaction, self._organization_id, conditions, key)

    async def _route(
        self, conditions: list[Condition], sort: ContactSort, fetched: int
    ) -> tuple[Route, list[Condition]]:
        """How to get there, and the conditions in the order in which they are asked for."""
        if _is_known_by(sort, conditions):
            return Route(Way.ALONG, ()), conditions
        if is_by_creation(sort) and len(conditions) == 1 and conditions[0].kind in BY_ID:
            return Route(Way.NATIVE, ()), conditions
        rare, common = _by_rarity(conditions)
        counted = await self._sizes(rare, sort_column(sort).name)
        route = chosen(counted, fetched, by_creation=is_by_creation(sort), descending=sort.descending)
        return route, [*(rare[number] for number in route.order), *common]


def _by_rarity(conditions: Sequence[Condition]) -> tuple[list[Condition], list[Condition]]:
    """Those that few may meet, and what nearly everybody meets."""
    common = [one for one in conditions if one.kind is Kind.REACHABLE]
    return [one for one in conditions if one not in common], common


def _is_known_by(sort: ContactSort, conditions: Sequence[Condition]) -> bool:
    """Whether the index of the order says by itself who is meant, or nearly everybody is."""
    known = (Kind.ACTIVITY, Kind.REACHABLE) if sort in BY_ACTIVITY else (Kind.REACHABLE,)
    return all(one.kind in known for one in conditions)


def _kinds(conditions: Sequence[Condition]) -> tuple[Kind, ...]:
    return tuple(one.kind for one in conditions)


def _page(
    rows: Sequence[Any], names: Mapping[str, str], order: str, page: PageRequest, shape: Shape
) -> Page[ListedContact]:
    shown = rows[: page.limit]
    total = (rows[0]["total"] if rows else None if shape.after else 0) if page.total else None
    more = len(rows) > page.limit
    cursor = write_cursor(order, _key(shown[-1], shape)) if more else None
    return Page(entries(shown, names), cursor, total)


def _key(row: Any, shape: Shape) -> tuple[object, ...]:
    return (row["id"],) if shape.by_creation else (row["sort_key"], row["id"])


def order_of(matching: ContactFilter, sort: ContactSort) -> str:
    """Names a list in its cursors, which go on only there: the same order of the same people."""
    asked = repr(document_of(matching)).encode(errors="replace")
    return f"contacts {sort.value} {blake2s(asked, digest_size=8).hexdigest()}"


def _kinds_of_key(sort: ContactSort) -> tuple[type, ...]:
    if is_by_creation(sort):
        return (UUID,)
    return (datetime if sort in BY_ACTIVITY else str, UUID)
