"""How many contacts meet each condition: counted where they are few, else as many as PostgreSQL believes.

Its statistics serve under row-level security as well, since all that is compared here is leakproof; they come of every
`analyze`, and to ask for them takes no longer than to plan a statement.
"""

import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, literal_column, select, union_all

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.contact_conditions import BY_ID, Condition, Kind, bound, members, sorted_under
from adapters.postgres.contact_finding import literal
from adapters.postgres.contact_statements import counting_statement
from adapters.postgres.contact_ways import COUNTED, EVERYBODY, Counted
from adapters.postgres.directory_tables import contact_list_members
from adapters.postgres.tables import ID, contact_terms, contacts
from domain.shared.ids import OrganizationId

# A column of the count, and the condition that it is of.
Capped = tuple[str, int]
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
    [row] = await transaction.fetch(counting_statement(kinds, key), **values)
    found: dict[str, Any] = dict(row.items())
    for number in range(len(kinds)):
        found |= zip((f"share{number}", f"first{number}", f"last{number}"), found.pop(f"tried{number}"), strict=True)
    named = [(name, number) for number in range(len(kinds)) for name in ("size", "under")]
    capped = tuple((name, number) for name, number in named if found.get(f"{name}{number}", 0) > COUNTED)
    # Where the many who are sorted under a word begin.
    capped += tuple(("before", number) for name, number in capped if name == "under")
    capped += tuple(
        ("between", number) for name, number in capped if name == "size" and _is_looked_up(kinds[number], key)
    )
    if capped:
        found |= await _believed(transaction, kinds, capped, key, values | found)
    return [_counted(kind, number, found, key) for number, kind in enumerate(kinds)]


def _is_looked_up(kind: Kind, key: str) -> bool:
    """Whether members are looked up for an order by the key, and their ends are those of their ids."""
    return key not in ("", contacts.c.id.name) and kind in (Kind.WORD, *BY_ID)


def _counted(kind: Kind, number: int, found: Mapping[str, Any], key: str) -> Counted:
    """Whoever is sorted under a word has it."""
    under = found.get(f"under{number}", 0)
    share = found.get(f"share{number}", 1.0) or 0.0
    before, told = found.get(f"before{number}", 0), found.get(f"told{number}", 0.0) or 0.0
    size = max(found[f"size{number}"], under)
    among = max(size, found.get("everybody", EVERYBODY))
    between = max(size, found.get(f"between{number}", among))
    astray = ASTRAY * (1 - between / among) if key == contacts.c.last_activity_at.name else 0.0
    untold = found.get(f"untold{number}", 0)
    return Counted(kind, size, share, under, before, told, untold, among, between, astray)


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
    everybody, *parts = explained["Plan"]["Plans"]
    found = {"everybody": int(everybody["Plan Rows"])}
    for (name, number), part in zip(capped, parts, strict=True):
        found[f"{name}{number}"] = max(COUNTED + 1 if name in ("size", "under") else 0, int(part["Plan Rows"]))
        if name == "size" and kinds[number] is Kind.WORD:
            found[f"untold{number}"] = _in_terms(part)
    return found


def _in_terms(plan: Mapping[str, Any]) -> int:
    """How many of a word's are believed to be in the table of terms, which tells nothing else of them."""
    if plan.get("Relation Name") == contact_terms.name:
        return int(plan["Plan Rows"])
    return sum(_in_terms(part) for part in plan.get("Plans", ()))


class _Explained(CompiledStatement):
    """Tells the plan instead of following it."""

    def __init__(self, statement: Any) -> None:
        super().__init__(statement)
        self.sql = f"EXPLAIN (FORMAT JSON) {self.sql}"


@lru_cache(maxsize=1024)
def _statement(kinds: tuple[Kind, ...], capped: tuple[Capped, ...], key: str) -> CompiledStatement:
    """Everybody, and each set as a part of its own, and no part of it as one; a status and a list by their ids, as of
    what has to be looked up first nothing is known."""
    parts = [select(contacts.c.id).where(contacts.c.deleted_at.is_(None))]
    for name, number in capped:
        if name == "under":
            parts.append(sorted_under(key, number))
        elif name == "before":
            before = contacts.c[key] < bindparam(f"a{number}", type_=contacts.c[key].type)
            parts.append(select(contacts.c.id).where(contacts.c.deleted_at.is_(None), before))
        elif name == "between":
            first, last = (bindparam(f"{end}{number}", type_=ID) for end in ("first", "last"))
            parts.append(
                select(contacts.c.id).where(contacts.c.deleted_at.is_(None), contacts.c.id.between(first, last))
            )
        elif kinds[number] is Kind.STATUS:
            of_status = contacts.c.status_id == bindparam(f"status{number}", type_=ID)
            parts.append(select(contacts.c.id).where(contacts.c.deleted_at.is_(None), of_status))
        elif kinds[number] is Kind.LIST:
            of_list = contact_list_members.c.list_id == bindparam(f"a{number}", type_=ID)
            parts.append(select(contact_list_members.c.contact_id).where(of_list))
        else:
            parts.append(members(kinds[number], number))
    found: list[Select[Any]] = [part.with_only_columns(literal_column("1")).offset(literal(0)) for part in parts]
    return _Explained(union_all(*found))
