"""How many contacts meet each condition: counted where they are few, else as many as PostgreSQL believes.

Its statistics serve under row-level security as well, since all that is compared here is leakproof; they come of every
`analyze`, and to ask for them takes no longer than to plan a statement.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, literal_column, select, union_all

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.contact_conditions import BY_ID, KEYS, TOLD_BESIDE, Condition, Kind, bound, literal, parts
from adapters.postgres.contact_counted import COUNTED, EVERYBODY, Counted
from adapters.postgres.contact_statements import counting_statement
from adapters.postgres.directory_tables import contact_list_members
from adapters.postgres.tables import ID, contacts
from domain.shared.ids import OrganizationId

# What is believed, of which condition, and of which part of its set.
Capped = tuple[str, int, int]
Asked = tuple[OrganizationId | None, tuple[Condition, ...], str]
# While people come by the hundred thousands, few are many a moment later.
SERVES_SECONDS = 5.0
# How often those of one time are not where an order by activity begins.
ASTRAY = 0.8
REMEMBERED = 10_000


class Sizes:
    """Remembered by a process for a while: whoever pages on asks the same again, and an old one leads there as well."""

    def __init__(self) -> None:
        self._known: dict[Asked, tuple[float, list[Counted]]] = {}

    async def of(
        self,
        transaction: Transaction,
        organization_id: OrganizationId | None,
        conditions: Sequence[Condition],
        key: str = "",
    ) -> list[Counted]:
        """Of the conditions in turn, for an order by the column `key`; in one statement, or two where some are many."""
        asked, now = (organization_id, tuple(conditions), key), time.monotonic()
        until, found = self._known.get(asked, (0.0, []))
        if now < until:
            return found
        if len(self._known) > REMEMBERED:
            self._known.clear()
        found = await _sizes(transaction, conditions, key)
        self._known[asked] = (now + SERVES_SECONDS, found)
        return found


async def _sizes(transaction: Transaction, conditions: Sequence[Condition], key: str) -> list[Counted]:
    kinds, values = tuple(one.kind for one in conditions), bound(conditions)
    [row] = await transaction.fetch(counting_statement(kinds), **values)
    found: dict[str, Any] = dict(row.items())
    for number in range(len(kinds)):
        told = (f"{name}{number}" for name in ("share", "of_last", "first", "last"))
        found |= zip(told, found.pop(f"tried{number}"), strict=True)
    capped = tuple(_capped(kinds, found, key))
    if capped:
        found |= await _believed(transaction, kinds, capped, key, values | found)
    return [_counted(kind, number, found, key) for number, kind in enumerate(kinds)]


def _capped(kinds: Sequence[Kind], found: Mapping[str, Any], key: str) -> Iterator[Capped]:
    """The parts that were not counted to their end; of those who are sorted under a word also where they begin, and of
    those who are looked up how many were created in their time."""
    for number, kind in enumerate(kinds):
        many = [place for place in range(_parts_of(kind)) if found[f"size{number}_{place}"] > COUNTED]
        yield from ((f"size{number}_{place}", number, place) for place in many)
        if kind is Kind.WORD and key in KEYS and _place_of(key) in many:
            yield f"before{number}", number, _place_of(key)
        if many and _is_looked_up(kind, key):
            yield f"between{number}", number, 0


def _parts_of(kind: Kind) -> int:
    return 1 + len(KEYS) if kind is Kind.WORD else 1


def _place_of(key: str) -> int:
    """Of the part of a word's set that is sorted under it by this key: the terms stand before."""
    return 1 + KEYS.index(key)


def _is_looked_up(kind: Kind, key: str) -> bool:
    """Whether members are looked up for an order by the key, and their ends are those of their ids."""
    return key not in ("", contacts.c.id.name) and kind in (Kind.WORD, *BY_ID)


def _counted(kind: Kind, number: int, found: Mapping[str, Any], key: str) -> Counted:
    sizes = [found[f"size{number}_{place}"] for place in range(_parts_of(kind))]
    is_word = kind is Kind.WORD
    size, under = sum(sizes), sizes[_place_of(key)] if is_word and key in KEYS else 0
    beside = sizes[_place_of(TOLD_BESIDE[key])] if is_word and key in TOLD_BESIDE else 0
    share, of_last = (found.get(f"{name}{number}", 1.0) or 0.0 for name in ("share", "of_last"))
    before, told = found.get(f"before{number}", 0), found.get(f"told{number}", 0.0) or 0.0
    among = max(size, found.get("everybody", EVERYBODY))
    between = max(size, found.get(f"between{number}", among))
    astray = ASTRAY * (1 - between / among) if key == contacts.c.last_activity_at.name else 0.0
    untold = sizes[0] if is_word else 0
    return Counted(kind, size, share, under, before, told, untold, among, between, astray, beside, of_last)


async def _believed(
    transaction: Transaction,
    kinds: tuple[Kind, ...],
    capped: tuple[Capped, ...],
    key: str,
    values: Mapping[str, Any],
) -> dict[str, int]:
    statement = _statement(kinds, capped, key)
    [row] = await transaction.fetch(statement, **values)
    [explained] = row[0]
    everybody, *believed = (int(plan["Plan Rows"]) for plan in explained["Plan"]["Plans"])
    named = zip((name for name, _, _ in capped), believed, strict=True)
    least = {name: max(rows, COUNTED + 1) if name.startswith("size") else rows for name, rows in named}
    return {"everybody": everybody, **least}


class _Explained(CompiledStatement):
    """Tells the plan instead of following it."""

    def __init__(self, statement: Any) -> None:
        super().__init__(statement)
        self.sql = f"EXPLAIN (FORMAT JSON) {self.sql}"


@lru_cache(maxsize=1024)
def _statement(kinds: tuple[Kind, ...], capped: tuple[Capped, ...], key: str) -> CompiledStatement:
    """Everybody, and each of what is believed as a part of its own."""
    everybody = select(contacts.c.id).where(contacts.c.deleted_at.is_(None))
    asked = [everybody, *(_part(name, kinds[number], number, place, key) for name, number, place in capped)]
    found: list[Select[Any]] = [part.with_only_columns(literal_column("1")).offset(literal(0)) for part in asked]
    return _Explained(union_all(*found))


def _part(name: str, kind: Kind, number: int, place: int, key: str) -> Select[Any]:
    """A status and a list by their ids, as of what has to be looked up first nothing is known."""
    alive = select(contacts.c.id).where(contacts.c.deleted_at.is_(None))
    if name.startswith("before"):
        return alive.where(contacts.c[key] < bindparam(f"a{number}", type_=contacts.c[key].type))
    if name.startswith("between"):
        first, last = (bindparam(f"{end}{number}", type_=ID) for end in ("first", "last"))
        return alive.where(contacts.c.id.between(first, last))
    if kind is Kind.STATUS:
        return alive.where(contacts.c.status_id == bindparam(f"status{number}", type_=ID))
    if kind is Kind.LIST:
        of_list = contact_list_members.c.list_id == bindparam(f"a{number}", type_=ID)
        return select(contact_list_members.c.contact_id).where(of_list)
    return parts(kind, number)[place]
