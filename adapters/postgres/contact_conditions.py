"""What can be asked of contacts, condition by condition: whose ids meet it, and whether a given contact does.

Statements are compiled for the kinds of their conditions, in order; the values of the condition `number` are bound as
a{number}, b{number} and so on. Under row-level security only comparisons reach an index.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    not_,
    select,
    true,
    union_all,
)
from sqlalchemy.sql.selectable import FromClause

from adapters.postgres.directory_tables import contact_list_members, contact_lists, contact_values
from adapters.postgres.tables import BITS, ID, TEXT, TIME, contact_statuses, contact_terms, contacts, enrollments


class Kind(StrEnum):
    """Of a condition."""

    WORD = "word"
    STATUS = "status"
    OWNER = "owner"
    LIST = "list"
    SALESFLOW = "salesflow"
    FIELD = "field"
    ACTIVITY = "activity"
    OPTED_OUT = "opted_out"
    REACHABLE = "reachable"


@dataclass(frozen=True, slots=True)
class Condition:
    """A kind with its values, of which there are four at most."""

    kind: Kind
    values: tuple[Any, ...] = ()


def bound(conditions: Sequence[Condition]) -> dict[str, Any]:
    """The parameters of a statement for these conditions in this order."""
    return {
        f"{name}{number}": value
        for number, condition in enumerate(conditions)
        for name, value in zip("abcd", condition.values, strict=False)
    }


def members(kind: Kind, number: int, but_of: str = "") -> Select[Any]:
    """The ids of all who meet the condition: deleted ones too, and some more than once, where it is told elsewhere.
    Of a word without those who are sorted under it by the key `but_of`."""
    if kind is Kind.WORD:
        found = union_all(*_hardly_twice(parts(kind, number, but_of), number, but_of)).subquery("found")
        return select(found.c.id).select_from(found)
    return parts(kind, number)[0]


def _hardly_twice(found: Sequence[Select[Any]], number: int, but_of: str) -> list[Select[Any]]:
    """The parts of a word's set, the one of addresses without those who are sorted under it by name: most are both,
    and found by name."""
    terms, *orders = found
    keys = [key for key in KEYS if key != but_of]
    if "name_key" not in keys:
        return [terms, *orders]
    by_name = and_(*begins(contacts.c.name_key, number))
    by_key = zip(keys, orders, strict=True)
    return [terms, *(part.where(not_(by_name)) if key == "email_key" else part for key, part in by_key)]


def parts(kind: Kind, number: int, but_of: str = "") -> list[Select[Any]]:
    """The same, as they are read by one index each: whoever is sorted under a word is found there, and in no other
    place by that word."""
    if kind is Kind.WORD:
        found = select(contact_terms.c.contact_id.label("id")).where(_has_word(contact_terms, number))
        return [found, *(sorted_under(key, number) for key in KEYS if key != but_of)]
    if kind in ELSEWHERE:
        table, told = ELSEWHERE[kind]
        return [select(table.c.contact_id.label("id")).where(told(table, number))]
    return [select(contacts.c.id).where(contacts.c.deleted_at.is_(None), ON_RECORD[kind](contacts, number))]


def telling_parts(kind: Kind, number: int, but_of: str = "") -> list[Select[Any]]:
    """The same, with what the index tells by which they are read: also under what they are sorted by the key `but_of`,
    where it does."""
    if kind is not Kind.WORD:
        return [_with(part, TOLD_BY_SETS.get(kind, ())) for part in parts(kind, number)]
    terms, *orders = _hardly_twice(parts(kind, number, but_of), number, but_of)
    keys = (key for key in KEYS if key != but_of)
    beside = ({but_of} & {TOLD_BESIDE.get(key)} for key in keys)
    return [terms, *(_with(part, (*TOLD, *names)) for part, names in zip(orders, beside, strict=True))]


def _with(part: Select[Any], names: Iterable[str]) -> Select[Any]:
    return part.add_columns(*(contacts.c[name] for name in names))


def sorted_under(key: str, number: int) -> Select[Any]:
    """The ids of those whose sort key begins with the word that is the condition of this number."""
    return select(contacts.c.id).where(contacts.c.deleted_at.is_(None), *begins(contacts.c[key], number))


def begins(key: ColumnElement[Any], number: int) -> list[ColumnElement[bool]]:
    """Whether a sort key begins with the word that is the condition of this number."""
    first, last = bounds(key, number)
    return [key >= first, key < last]


def bounds(key: ColumnElement[Any], number: int) -> list[ColumnElement[Any]]:
    """Of a word: itself, and what sorts behind all that it begins."""
    return [bindparam(f"{name}{number}", type_=key.type) for name in "ab"]


def natural_orders(kind: Kind) -> list[list[ColumnElement[Any]]]:
    """In which the index of the condition, or of each of its parts, has the members."""
    if kind is Kind.WORD:
        of_keys: list[list[ColumnElement[Any]]] = [[contacts.c[key], contacts.c.id] for key in KEYS]
        return [[contact_terms.c.term, contact_terms.c.contact_id], *of_keys]
    return [NATURAL_ORDERS.get(kind, [contacts.c.id])]


def is_member(contact_id: ColumnElement[Any], kind: Kind, number: int) -> ColumnElement[bool]:
    """Whether the contact with this id meets the condition: asked so that the id alone leads to the answer, as whatever
    the planner believes of the other values may be wrong."""
    return ASKED.get(kind, _stands_there)(contact_id, kind, number)


def are_told(contact_id: ColumnElement[Any], kinds: Sequence[Kind], numbers: Iterable[int]) -> ColumnElement[bool]:
    """Whether the contact with this id meets all of these, in one look at its row."""
    told = [ON_RECORD[kinds[number]](PERSON, number) for number in numbers]
    return is_there(PERSON, PERSON.c.id == contact_id, PERSON.c.deleted_at.is_(None), *told)


def is_met(rows: FromClause, kind: Kind, number: int) -> ColumnElement[bool]:
    """The same of rows, from what they say themselves where they say it. Of words they say who has none, so that few
    are asked."""
    if not says(rows, kind):
        return is_member(rows.c.id, kind, number)
    said = may_meet(rows, kind, number)
    return and_(said, is_member(rows.c.id, kind, number)) if kind is Kind.WORD else said


def meeting(rows: FromClause, kinds: Sequence[Kind], numbers: Iterable[int]) -> list[ColumnElement[bool]]:
    """These conditions: first what the rows themselves tell. A contact's own row is looked at once for all that it
    says."""
    first_told = sorted(numbers, key=lambda number: not says(rows, kinds[number]))
    looked_at = [number for number in first_told if kinds[number] in BY_ROW and not _is_told(rows, kinds[number])]
    if len(looked_at) < 2 or Kind.WORD not in [kinds[number] for number in looked_at]:
        return [is_met(rows, kinds[number], number) for number in first_told]
    told = [may_meet(rows, kinds[number], number) for number in first_told if says(rows, kinds[number])]
    asked = [number for number in first_told if number not in looked_at and not says(rows, kinds[number])]
    return [*told, are_told(rows.c.id, kinds, looked_at), *(is_met(rows, kinds[number], number) for number in asked)]


def _is_told(rows: FromClause, kind: Kind) -> bool:
    """Whether the rows tell all of it."""
    return says(rows, kind) and kind is not Kind.WORD


def may_meet(rows: FromClause, kind: Kind, number: int) -> ColumnElement[bool]:
    """What rows say of the condition: all of it, or of a word who does not have it."""
    return _may_have_word(rows, number) if kind is Kind.WORD else ON_RECORD[kind](rows, number)


def says(rows: FromClause, kind: Kind) -> bool:
    """Whether the rows have something to say of the condition."""
    return kind in SAID and all(name in rows.c for name in SAID[kind])


def is_alive(contact_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the contact with this id was not deleted."""
    return is_there(PERSON, PERSON.c.id == contact_id, PERSON.c.deleted_at.is_(None))


def literal(number: int) -> ColumnElement[int]:
    """Written in the statement: of a bound one the planner does not know that it is small."""
    return literal_column(str(number), Integer())


def made_before(contact_id: ColumnElement[Any], kinds: Sequence[Kind]) -> list[ColumnElement[bool]]:
    """Whether who has the id was made early enough to have been active when these conditions ask for."""
    numbers = [number for number, kind in enumerate(kinds) if kind is Kind.ACTIVITY]
    return [contact_id < _value("c", number, ID) for number in numbers]


def _stands_there(contact_id: ColumnElement[Any], kind: Kind, number: int) -> ColumnElement[bool]:
    """In an index that has the value and the id."""
    if kind in ELSEWHERE:
        table, told = ELSEWHERE[kind]
        return is_there(table, table.c.contact_id == contact_id, told(table, number))
    alive = PERSON.c.deleted_at.is_(None)
    return is_there(PERSON, PERSON.c.id == contact_id, alive, ON_RECORD[kind](PERSON, number))


def _is_among(contact_id: ColumnElement[Any], kind: Kind, number: int) -> ColumnElement[bool]:
    """What is known of the contact is read first, and looked through then."""
    table, told = ELSEWHERE[kind]
    said = select(table.c.salesflow_id).where(table.c.contact_id == contact_id)
    rows = said.offset(literal(0)).correlate_except(table).subquery("known")
    return is_there(rows, told(rows, number))


def _tells_word(contact_id: ColumnElement[Any], kind: Kind, number: int) -> ColumnElement[bool]:
    alive = PERSON.c.deleted_at.is_(None)
    return is_there(PERSON, PERSON.c.id == contact_id, alive, ON_RECORD[kind](PERSON, number))


def _row_tells(contact_id: ColumnElement[Any], kind: Kind, number: int) -> ColumnElement[bool]:
    told = select(ON_RECORD[kind](PERSON, number)).where(PERSON.c.id == contact_id, PERSON.c.deleted_at.is_(None))
    return told.limit(literal(1)).correlate_except(PERSON).scalar_subquery()


def _has_not_opted_out(contact_id: ColumnElement[Any], _kind: Kind, number: int) -> ColumnElement[bool]:
    """Of few it is known that they have."""
    return _stands_there(contact_id, Kind.OPTED_OUT, number).is_not(true())


def is_there(rows: FromClause, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether there is such a row: a scalar subquery where EXISTS reads better, as the planner turns that into a join
    with the whole set."""
    found = select(true()).select_from(rows).where(*conditions).limit(literal(1))
    return found.correlate_except(rows).scalar_subquery()


def _has_word(rows: FromClause, number: int) -> ColumnElement[bool]:
    """A word stands for all terms that it begins: from itself up to what sorts behind them all."""
    return and_(rows.c.term >= _value("a", number, TEXT), rows.c.term < _value("b", number, TEXT))


def _tells(rows: FromClause, number: int) -> ColumnElement[bool]:
    """Each word stands behind a space."""
    return func.strpos(rows.c.terms, literal_column("' '").concat(_value("a", number, TEXT))) > literal(0)


def _may_have_word(rows: FromClause, number: int) -> ColumnElement[bool]:
    low, high = _value("c", number, BITS), _value("d", number, BITS)
    return and_(rows.c.beginnings_low.bitwise_and(low) == low, rows.c.beginnings_high.bitwise_and(high) == high)


def _is_listed(rows: FromClause, number: int) -> ColumnElement[bool]:
    lists = contact_lists.c
    known = select(lists.id).where(lists.id == _value("a", number, ID), lists.deleted_at.is_(None))
    return rows.c.list_id == known.scalar_subquery()


def _is_enrolled(rows: FromClause, number: int) -> ColumnElement[bool]:
    return rows.c.salesflow_id == _value("a", number, ID)


def _has_value(rows: FromClause, number: int) -> ColumnElement[bool]:
    return and_(rows.c.field_id == _value("a", number, ID), rows.c.value == _value("b", number, TEXT))


def _has_status(rows: FromClause, number: int) -> ColumnElement[bool]:
    return rows.c.status_id == status_named(number)


def status_named(number: int) -> ColumnElement[Any]:
    """The id of the status whose label is the value of the condition."""
    named = select(contact_statuses.c.id).where(contact_statuses.c.label == _value("a", number, TEXT))
    return named.scalar_subquery()


def _is_owned(rows: FromClause, number: int) -> ColumnElement[bool]:
    return rows.c.owner_id == _value("a", number, ID)


def _was_active(rows: FromClause, number: int) -> ColumnElement[bool]:
    at = rows.c.last_activity_at
    return and_(at >= _value("a", number, TIME), at < _value("b", number, TIME))


def _has_opted_out(rows: FromClause, _number: int) -> ColumnElement[bool]:
    return rows.c.opted_out_at.is_not(None)


def _is_reachable(rows: FromClause, _number: int) -> ColumnElement[bool]:
    return rows.c.opted_out_at.is_(None)


def _value(name: str, number: int, kind: Any) -> ColumnElement[Any]:
    return bindparam(f"{name}{number}", type_=kind)


Telling = Callable[[FromClause, int], ColumnElement[bool]]
Asking = Callable[[ColumnElement[Any], Kind, int], ColumnElement[bool]]
PERSON = contacts.alias("person")

# By these contacts are sorted, and found: what begins one of them is no term in the table of terms.
KEYS = ("name_key", "email_key", "company_key")
# What a contact's own row says, and what the rows of other tables say of it.
ON_RECORD: Mapping[Kind, Telling] = {
    Kind.STATUS: _has_status,
    Kind.OWNER: _is_owned,
    Kind.ACTIVITY: _was_active,
    Kind.OPTED_OUT: _has_opted_out,
    Kind.REACHABLE: _is_reachable,
    Kind.WORD: _tells,
}
ELSEWHERE: Mapping[Kind, tuple[Table, Telling]] = {
    Kind.WORD: (contact_terms, _has_word),
    Kind.LIST: (contact_list_members, _is_listed),
    Kind.SALESFLOW: (enrollments, _is_enrolled),
    Kind.FIELD: (contact_values, _has_value),
}
ASKED: Mapping[Kind, Asking] = {
    Kind.WORD: _tells_word,
    Kind.SALESFLOW: _is_among,
    Kind.ACTIVITY: _row_tells,
    Kind.REACHABLE: _has_not_opted_out,
}
# What stands with every entry of an order, with that of an order by another key, and with the members of a set.
TOLD = ("beginnings_low", "beginnings_high", "last_activity_at")
TOLD_BESIDE = {"name_key": "email_key", "email_key": "name_key"}
TOLD_BY_SETS: Mapping[Kind, Sequence[str]] = {
    Kind.ACTIVITY: TOLD,
    Kind.STATUS: ("last_activity_at",),
    Kind.OWNER: ("last_activity_at",),
}
TOLD_BY_ORDERS = (Kind.WORD, Kind.ACTIVITY)
# By which columns rows answer. Few have opted out: to look them up is quicker than to read every row.
SAID: Mapping[Kind, Sequence[str]] = {
    Kind.WORD: ("beginnings_low", "beginnings_high"),
    Kind.ACTIVITY: ("last_activity_at",),
    Kind.STATUS: ("status_id",),
    Kind.OWNER: ("owner_id",),
}
NATURAL_ORDERS: Mapping[Kind, list[ColumnElement[Any]]] = {
    Kind.LIST: [contact_list_members.c.contact_id],
    Kind.SALESFLOW: [enrollments.c.id],
    Kind.FIELD: [contact_values.c.contact_id],
    Kind.ACTIVITY: [contacts.c.last_activity_at, contacts.c.id],
}
# Whose members are in the order of their ids, which is that of their creation.
BY_ID = (Kind.STATUS, Kind.OWNER, Kind.LIST, Kind.FIELD, Kind.OPTED_OUT)
# What is read with the row of a contact that is looked up anyway. Few have opted out, and are asked for before.
BY_ROW = (Kind.WORD, Kind.STATUS, Kind.OWNER, Kind.ACTIVITY, Kind.REACHABLE)
