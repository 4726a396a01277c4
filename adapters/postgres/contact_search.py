"""The directory: pages of contacts by filter, words and order, in at most three statements.

Every condition (a word, a status, an owner) names a set of contacts. Where one index gives filter and order at once,
it is walked. Else the first statement counts the sets, each up to NARROW, and the second starts from the smallest one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2s
from typing import Any
from uuid import UUID

from adapters.postgres.connection import Transaction
from adapters.postgres.contact_rows import entries
from adapters.postgres.contact_statements import (
    NARROW,
    Shape,
    Source,
    counting_statement,
    ids_statement,
    page_statement,
    sort_column,
)
from adapters.postgres.names import Names
from adapters.postgres.paging import read_cursor, write_cursor
from adapters.postgres.tables import TIME
from domain.contacts.model import ContactFilter, ContactSort
from domain.contacts.ports import ListedContact
from domain.contacts.search_terms import search_words
from domain.shared.ids import ContactId, OrganizationId
from domain.shared.paging import Page, PageRequest

# Limits are literals, as the planner forgets that a bound one is small; so there are few of them.
FETCHED = (26, 51, 101, 201)
# Sorts after every other character, and stands in no term.
LAST = "\U0010ffff"
NATIVE = (ContactSort.CREATED, ContactSort.CREATED_DESC)


class ContactSearch:
    """Finds contacts of the transaction's organization."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None, names: Names) -> None:
        self._transaction = transaction
        self._organization_id = organization_id
        self._names = names

    async def page(self, matching: ContactFilter, sort: ContactSort, page: PageRequest) -> Page[ListedContact]:
        """See domain.contacts.ports.ContactStore."""
        order = order_of(matching, sort)
        after = read_cursor(order, page.cursor, (_kind(sort), UUID)) if page.cursor else None
        words = search_words(matching.q)
        if words == ():
            return Page([], None, 0 if page.total else None)
        shape = Shape(
            sort=sort,
            fetched=next(size for size in FETCHED if size > page.limit),
            words=len(words or ()),
            status=matching.status is not None,
            owner=matching.owner_id is not None,
            after=after is not None,
            total=page.total,
        )
        shape, values = await self._narrowed(shape, _values(matching, words or ()))
        if after:
            values |= {"after": after[0], "after_id": after[1]}
        rows = await self._transaction.fetch(page_statement(shape), **values)
        ids = [row[name] for row in rows for name in ("status", "owner_id")]
        names = await self._names.of(self._transaction, self._organization_id, ids)
        return _page(rows, names, order, page, is_first=after is None)

    async def ids(self, matching: ContactFilter, limit: int) -> Sequence[ContactId]:
        """Newest first. For bulk work: reads the sets of all words whole."""
        words = search_words(matching.q)
        if words == ():
            return []
        statement = ids_statement(len(words or ()), matching.status is not None, matching.owner_id is not None)
        rows = await self._transaction.fetch(statement, **_values(matching, words or ()), limit=limit)
        return [ContactId(row["id"]) for row in rows]

    async def _narrowed(self, shape: Shape, values: dict[str, Any]) -> tuple[Shape, dict[str, Any]]:
        """The shape with the set to start from, which as a word is put first."""
        filters = shape.status + shape.owner
        if not shape.words and (filters == 0 or (filters == 1 and shape.sort in NATIVE)):
            return shape, values
        statement = counting_statement(shape.words, shape.status, shape.owner)
        [row] = await self._transaction.fetch(statement, **values)
        name, size = min(row.items(), key=lambda counted: counted[1])
        source = Source(name.rstrip("0123456789"))
        if source is Source.WORD:
            values = _first(int(name.removeprefix("word")), values)
        return shape.starting_from(source, frequent=size > NARROW), values


def _values(matching: ContactFilter, words: Sequence[str]) -> dict[str, Any]:
    """A word stands for all terms that it begins."""
    values: dict[str, Any] = {"status": matching.status, "owner_id": matching.owner_id}
    for number, word in enumerate(words):
        values |= {f"from{number}": word, f"to{number}": word + LAST}
    return values


def _first(number: int, values: dict[str, Any]) -> dict[str, Any]:
    swapped = {f"{end}{a}": values[f"{end}{b}"] for end in ("from", "to") for a, b in ((0, number), (number, 0))}
    return {**values, **swapped}


def _page(
    rows: Sequence[Any], names: Mapping[UUID, str], order: str, page: PageRequest, *, is_first: bool
) -> Page[ListedContact]:
    shown = rows[: page.limit]
    total = (rows[0]["total"] if rows else 0 if is_first else None) if page.total else None
    more = len(rows) > page.limit
    cursor = write_cursor(order, (shown[-1]["sort_key"], shown[-1]["id"])) if more else None
    return Page(entries(shown, names), cursor, total)


def order_of(matching: ContactFilter, sort: ContactSort) -> str:
    """Names a list in its cursors, which go on only there: the same order of the same people."""
    asked = repr((matching.q, matching.status, matching.owner_id)).encode(errors="replace")
    return f"contacts {sort.value} {blake2s(asked, digest_size=8).hexdigest()}"


def _kind(sort: ContactSort) -> type:
    return datetime if sort_column(sort).type is TIME else str
