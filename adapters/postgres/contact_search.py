"""The directory: pages of contacts by filter, words and order, in few statements.

Every condition (a word, a status, an owner) names a set of contacts. Where one index gives filter and order at once,
it is walked. Else it is asked first how large the sets are, and decided then which way is the shortest.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2s
from typing import Any
from uuid import UUID

from adapters.postgres.connection import Transaction
from adapters.postgres.contact_conditions import BY_ID, Condition, Kind, bound
from adapters.postgres.contact_counted import Counted
from adapters.postgres.contact_meanings import Meanings
from adapters.postgres.contact_rows import entries, named
from adapters.postgres.contact_shapes import Shape, is_by_creation, sort_column
from adapters.postgres.contact_statements import (
    ids_statement,
    key_statement,
    near_statement,
    next_statement,
    page_statement,
    piece_statement,
    total_statement,
)
from adapters.postgres.contact_ways import Near, Offer, Route, Way, chosen, seen
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
# Before a way of such a price is taken, the beginning of the order is looked at; behind a cursor sooner, as the page
# before ended with somebody there.
DEAR, DEAR_BEHIND = 9_000, 5_000
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
        rows, shape = await self._found(conditions, sort, fetched, after, total=page.total)
        return _page(rows, await self._entries(rows[: page.limit]), order, page, shape)

    async def _entries(self, rows: Sequence[Any]) -> Sequence[ListedContact]:
        """The rows with the names in them. Statuses and owners are pointed to, so an id always has one."""
        try:
            return entries(rows, self._names.at_hand(self._organization_id))
        except KeyError:
            return entries(rows, await self._names.of(self._transaction, self._organization_id, named(rows)))

    async def _found(
        self,
        conditions: list[Condition],
        sort: ContactSort,
        fetched: int,
        after: Sequence[Any] | None,
        *,
        total: bool,
    ) -> tuple[Sequence[Any], Shape]:
        """The rows of a page, and as what they were asked for. Before a long way is taken the beginning of the order is
        looked at: that may be enough, and else it tells how far to go."""
        counted = await self._counted(conditions, sort)
        price, route = _chosen(conditions, counted, sort, fetched)
        if price > (DEAR_BEHIND if after else DEAR) and not total:
            reach = seen(counted, by_creation=is_by_creation(sort))
            shape = _shape(Route(Way.PROBED, (), reach=reach), sort, fetched, conditions, after=after is not None)
            rows = await self._transaction.fetch(near_statement(shape), **bound(conditions), **_behind(after))
            met, near = _near(rows, reach)
            if near is None:
                return met, shape
            _, route = _chosen(conditions, counted, sort, fetched, near)
        conditions = _in_turn(conditions, route)
        shape = _shape(route, sort, fetched, conditions, after=after is not None, total=total)
        return await self._transaction.fetch(page_statement(shape), **bound(conditions), **_behind(after)), shape

    async def neighbours(self, contact_id: ContactId, matching: ContactFilter, sort: ContactSort) -> Neighbours:
        """See domain.contacts.ports.ContactStore."""
        rows = await self._transaction.fetch(key_statement(sort), contact_id=contact_id)
        if not rows:
            raise NotFound("contact")
        conditions = await self._conditions(matching)
        if conditions is None:
            return Neighbours(None, None)
        _, route = _chosen(conditions, await self._counted(conditions, sort), sort, 1)
        conditions = _in_turn(conditions, route)
        here = bound(conditions) | _behind((rows[0]["sort_key"], contact_id))
        ahead = _shape(route, sort, 1, conditions, after=True)
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

    async def _counted(self, conditions: Sequence[Condition], sort: ContactSort) -> list[Counted]:
        """Of those that few may meet; of none where the way is known."""
        if _known(conditions, sort):
            return []
        return await self._sizes(_by_rarity(conditions)[0], sort_column(sort).name)


def _known(conditions: Sequence[Condition], sort: ContactSort) -> Route | None:
    """The way where there is no other one as good: along an order that says by itself who is meant, or along those who
    are meant in the order that they have."""
    if _is_known_by(sort, conditions):
        return Route(Way.ALONG, ())
    if is_by_creation(sort) and len(conditions) == 1 and conditions[0].kind in BY_ID:
        return Route(Way.NATIVE, ())
    return None


def _chosen(
    conditions: Sequence[Condition],
    counted: Sequence[Counted],
    sort: ContactSort,
    fetched: int,
    near: Near | None = None,
) -> Offer:
    """How to get there, and what that costs."""
    known = _known(conditions, sort)
    if known:
        return 0.0, known
    return chosen(counted, fetched, by_creation=is_by_creation(sort), descending=sort.descending, near=near)


def _in_turn(conditions: list[Condition], route: Route) -> list[Condition]:
    """The conditions in the order in which they are asked for."""
    if not route.order:
        return conditions
    rare, common = _by_rarity(conditions)
    return [*(rare[number] for number in route.order), *common]


def _shape(
    route: Route,
    sort: ContactSort,
    fetched: int,
    conditions: Sequence[Condition],
    *,
    after: bool,
    total: bool = False,
) -> Shape:
    by = route.way, route.at_hand, route.reach, route.goes_on, route.few_elsewhere, route.late
    return Shape(sort, fetched, _kinds(conditions), after, total, *by)


def _near(rows: Sequence[Any], reach: int) -> tuple[list[Any], Near | None]:
    """Who was met nearby, and what follows for the rest of the order; None where they are the page."""
    met, passed = [row for row in rows if row["id"] is not None], rows[0]["passed"]
    return met, None if passed is None or passed < reach else Near(passed, len(met))


def _behind(after: Sequence[Any] | None) -> dict[str, Any]:
    """The place of a cursor, as statements take it."""
    return {"after": after[0], "after_id": after[-1]} if after else {}


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
    rows: Sequence[Any], shown: Sequence[ListedContact], order: str, page: PageRequest, shape: Shape
) -> Page[ListedContact]:
    total = (rows[0]["total"] if rows else None if shape.after else 0) if page.total else None
    more = len(rows) > page.limit
    cursor = write_cursor(order, _key(rows[page.limit - 1], shape)) if more else None
    return Page(shown, cursor, total)


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
