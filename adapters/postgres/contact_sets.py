"""The members of conditions as they are read: one set alone or several together, each of its people once."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, SelectBase, select, true, union_all
from sqlalchemy.sql.selectable import FromClause, Subquery

from adapters.postgres.contact_conditions import BY_ID, Kind, literal, may_meet, meeting, members, says, telling_parts


def is_at_hand(contact_id: ColumnElement[Any], kinds: Sequence[Kind], number: int) -> ColumnElement[bool]:
    """Whether the contact is in a set that was read whole: `is true` keeps it a table to look into, and none to join.
    Where a unit of work reads, it may be as large as all sets are believed to be."""
    return contact_id.in_(_read_for(kinds, number)).is_(true())


def _read_for(kinds: Sequence[Kind], number: int) -> SelectBase:
    """The members of a set, but for those of whom their index says that they do not meet the other conditions."""
    others = (*kinds[:number], *kinds[number + 1 :])
    parts = apart_from_each_other(telling_parts(kinds[number], number))
    if not any(says(part, kind) for part in parts for kind in others):
        return members(kinds[number], number)
    return union_all(*(members_of(part, kinds, number) for part in parts))


def source_of(kinds: Sequence[Kind], at_hand: int = 0) -> Select[Any]:
    """The ids of the first condition's members that meet the others, each once; the members of so many after the first
    are read whole, too."""
    if kinds[0] in BY_ID:
        # Read by itself, PostgreSQL would take any index for it that costs next to nothing to enter.
        first = members(kinds[0], 0).subquery("members")
        others = meeting(first, kinds, range(1 + at_hand, len(kinds)))
        return select(first.c.id).where(*_are_at_hand(first, kinds, at_hand), *others)
    candidates = candidates_of(kinds, at_hand).subquery("candidates")
    return select(candidates.c.id).where(*meeting(candidates, kinds, range(1 + at_hand, len(kinds))))


def candidates_of(kinds: Sequence[Kind], at_hand: int) -> Select[Any]:
    """The ids of the first condition's members that are in the sets at hand."""
    if kinds[0] not in BY_ID:
        return each_once(_read(kinds), kinds, at_hand)
    [first] = apart_from_each_other(telling_parts(kinds[0], 0))
    return members_of(first, kinds).where(*_are_at_hand(first, kinds, at_hand))


def _read(kinds: Sequence[Kind]) -> Subquery:
    """The ids of the first condition's members, some more than once."""
    parts = apart_from_each_other(telling_parts(kinds[0], 0))
    found = union_all(*(members_of(part, kinds) for part in parts)).subquery("found")
    return select(found.c.id).offset(literal(0)).subquery("members")


def apart_from_each_other(parts: Iterable[Select[Any]]) -> list[Subquery]:
    """Each by its own index: none is entered elsewhere for being in some order."""
    return [part.offset(literal(0)).subquery() for part in parts]


def members_of(part: Subquery, kinds: Sequence[Kind], own: int = 0) -> Select[Any]:
    """The ids of a part of their own condition's set, without those of whom its index says that they do not meet the
    other conditions."""
    said = [may_meet(part, kind, number) for number, kind in enumerate(kinds) if number != own and says(part, kind)]
    return select(part.c.id).where(*said)


def each_once(read: FromClause, kinds: Sequence[Kind], at_hand: int) -> Select[Any]:
    """Of what was read, each once that is in the sets at hand: of a span of time nobody is read twice."""
    found = select(read.c.id).where(*_are_at_hand(read, kinds, at_hand)).offset(literal(0))
    return found if kinds[0] is Kind.ACTIVITY else found.distinct()


def narrowing(rows: FromClause, kinds: Sequence[Kind], at_hand: int) -> list[ColumnElement[bool]]:
    """All conditions but for the first."""
    return [*_are_at_hand(rows, kinds, at_hand), *meeting(rows, kinds, range(1 + at_hand, len(kinds)))]


def _are_at_hand(rows: FromClause, kinds: Sequence[Kind], at_hand: int) -> list[ColumnElement[bool]]:
    """The conditions behind the first whose members are read whole, too."""
    return [is_at_hand(rows.c.id, kinds, number) for number in range(1, 1 + at_hand)]
