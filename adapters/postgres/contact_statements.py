"""The statements of the directory, compiled once for every shape that a question can have.

Row-level security lets only comparisons reach an index, so words are ranges over a table of terms. Plans must not
hang on the planner's guesses, which for a bound range are far off: of a small set, terms and contacts are looked up one
by one. Where all sets are large, so that most contacts match, the order's own index is walked a little; only if that
does not fill the page are the sets intersected as a whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    intersect,
    literal_column,
    not_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.sql.selectable import CTE, FromClause

from adapters.postgres.connection import CompiledStatement
from adapters.postgres.contact_rows import listed
from adapters.postgres.tables import ID, TEXT, contact_statuses, contact_terms, contacts
from domain.contacts.model import ContactSort

# How large a small set is, and how many contacts are met on the way along the order.
NARROW = 5_000
WALK = 2_000
MOST_COUNTED = 100_000

COLUMNS = {
    "created_at": contacts.c.created_at,
    "name": contacts.c.name_key,
    "email": contacts.c.email_key,
    "company": contacts.c.company_key,
    "last_activity_at": contacts.c.last_activity_at,
}


class Source(StrEnum):
    """Whose set a search starts from."""

    WORD = "word"
    STATUS = "status"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a question for a page. With a `source` its set is read first, or if it is `frequent`, the order is walked."""

    sort: ContactSort
    fetched: int
    words: int = 0
    status: bool = False
    owner: bool = False
    after: bool = False
    total: bool = False
    source: Source | None = None
    frequent: bool = False

    def starting_from(self, source: Source, *, frequent: bool) -> "Shape":
        return replace(self, source=source, frequent=frequent)


def sort_column(sort: ContactSort) -> Column[Any]:
    """The column of `contacts` that holds the sort key: never null, and followed by the id in its index."""
    return COLUMNS[sort.column]


@lru_cache(maxsize=2048)
def page_statement(shape: Shape) -> CompiledStatement:
    """`id`, `sort_key`, the columns of a list, and `total` if asked for. Takes from0, to0, …, status, owner_id,
    after, after_id."""
    page = _rows(shape).subquery("page")
    columns = [*listed(page), page.c[sort_column(shape.sort).name].label("sort_key")]
    if shape.total:
        columns.append(_total(shape).label("total"))
    return CompiledStatement(select(*columns).order_by(*_order(page, shape.sort)))


@lru_cache(maxsize=64)
def counting_statement(words: int, status: bool, owner: bool) -> CompiledStatement:
    """One row: the sizes of the sets `word0`, …, `status`, `owner`, each counted up to one more than NARROW."""
    sets: dict[str, Select[Any]] = {f"{Source.WORD}{number}": _terms(number) for number in range(words)}
    if status:
        sets[Source.STATUS] = _newest_first(_has_status(contacts))
    if owner:
        sets[Source.OWNER] = _newest_first(_is_owned(contacts))
    counted = [_count(of, NARROW + 1).label(name) for name, of in sets.items()]
    return CompiledStatement(select(*counted))


@lru_cache(maxsize=64)
def ids_statement(words: int, status: bool, owner: bool) -> CompiledStatement:
    """The ids of all that match, newest first. Takes `limit` beside the conditions."""
    shape = Shape(ContactSort.CREATED_DESC, 0, words, status, owner)
    found = [contacts.c.id.in_(_terms(number)) for number in range(words)]
    everybody = _newest_first(*_filters(contacts, shape), *found)
    return CompiledStatement(everybody.limit(bindparam("limit", type_=Integer())))


def _rows(shape: Shape) -> Select[Any]:
    """The contacts of the page and one more, in order."""
    if shape.source is None:
        return _ordered(_everybody(shape).where(*_filters(contacts, shape)), contacts, shape)
    if not shape.frequent:
        return _ordered(_from_source(shape), None, shape)
    return _walked(shape)


def _walked(shape: Shape) -> Select[Any]:
    """Along the order's own index, where most contacts match; from the source's set if that does not fill the page."""
    nearest = _everybody(shape).order_by(*_order(contacts, shape.sort)).limit(_literal(WALK)).subquery("nearest")
    matching = select(nearest).where(*_filters(nearest, shape), *_has_words(nearest.c.id, range(shape.words)))
    met = _ordered(matching, nearest, shape).cte("met").prefix_with("MATERIALIZED")
    filled = select(func.count() >= _literal(shape.fetched)).select_from(met).scalar_subquery()
    others = _from_source(shape).where(not_(filled))
    either = union_all(select(met).where(filled), others).subquery("either")
    return _ordered(select(either), either, shape)


def _from_source(shape: Shape) -> Select[Any]:
    """The contacts of the source's set that meet the other conditions; of a small set each looked up by its id."""
    source = _set_of(shape.source, shape.words, frequent=shape.frequent)
    person = _everybody(shape).where(contacts.c.id == source.c.id, *_filters(contacts, shape))
    if shape.frequent:
        return person
    found = person.limit(_literal(1)).lateral("person")
    return select(found).select_from(source.join(found, true()))


@lru_cache
def _set_of(source: Source | None, words: int, *, frequent: bool) -> CTE:
    """The ids that have all words. The same object for page and total, so that the set is read once."""
    if source is not Source.WORD:
        of_filter = _newest_first(_has_status(contacts) if source is Source.STATUS else _is_owned(contacts))
        members = (of_filter if frequent else of_filter.limit(_literal(NARROW))).subquery("members")
        ids = select(members.c.id).where(*_has_words(members.c.id, range(words)))
    elif frequent and words > 1:
        ids = select(intersect(*(_terms(number) for number in range(words))).subquery("members").c.id)
    else:
        first = _terms(0).subquery("members")
        ids = select(first.c.id).where(*_has_words(first.c.id, range(1, words))).distinct()
    return ids.cte("source").prefix_with("MATERIALIZED")


def _total(shape: Shape) -> Any:
    """Of all pages together, up to MOST_COUNTED. The deleted have no terms, so words alone need no look at contacts."""
    if shape.source is None:
        return _count(_newest_first(*_filters(contacts, shape)), MOST_COUNTED)
    if shape.source is Source.WORD and not _filters(contacts, shape):
        return _count(select(_set_of(shape.source, shape.words, frequent=shape.frequent)), MOST_COUNTED)
    return _count(_from_source(replace(shape, after=False)), MOST_COUNTED)


def _count(of: Select[Any], most: int) -> Any:
    limited = of.limit(_literal(most)).subquery()
    return select(func.count()).select_from(limited).scalar_subquery()


def _everybody(shape: Shape) -> Select[Any]:
    """Who was not deleted, behind the cursor."""
    query = select(contacts).where(contacts.c.deleted_at.is_(None))
    return query.where(_behind(shape.sort)) if shape.after else query


def _behind(sort: ContactSort) -> ColumnElement[bool]:
    column = sort_column(sort)
    key = tuple_(column, contacts.c.id)
    last = tuple_(bindparam("after", type_=column.type), bindparam("after_id", type_=ID))
    return key < last if sort.descending else key > last


def _ordered(query: Select[Any], rows: FromClause | None, shape: Shape) -> Select[Any]:
    return query.order_by(*_order(rows if rows is not None else query.selected_columns, shape.sort)).limit(
        _literal(shape.fetched)
    )


def _order(rows: Any, sort: ContactSort) -> list[ColumnElement[Any]]:
    found = rows.c if isinstance(rows, FromClause) else rows
    keys = [found[sort_column(sort).name], found.id]
    return [key.desc() for key in keys] if sort.descending else keys


def _newest_first(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Ids; the order is that of the indexes by status and owner, so that they are the ones used."""
    query = select(contacts.c.id).where(contacts.c.deleted_at.is_(None), *conditions)
    return query.order_by(contacts.c.created_at.desc(), contacts.c.id.desc())


def _filters(rows: FromClause, shape: Shape) -> list[ColumnElement[bool]]:
    return [*([_has_status(rows)] if shape.status else []), *([_is_owned(rows)] if shape.owner else [])]


def _has_status(rows: FromClause) -> ColumnElement[bool]:
    named = select(contact_statuses.c.id).where(contact_statuses.c.label == bindparam("status", type_=TEXT))
    return rows.c.status_id == named.scalar_subquery()


def _is_owned(rows: FromClause) -> ColumnElement[bool]:
    return rows.c.owner_id == bindparam("owner_id", type_=ID)


def _has_words(contact_id: ColumnElement[Any], numbers: Iterable[int]) -> list[ColumnElement[bool]]:
    """A scalar subquery where EXISTS reads better, as the planner turns that into a join with the whole set."""
    found = [select(true()).where(contact_terms.c.contact_id == contact_id, _in_range(number)) for number in numbers]
    return [term.limit(_literal(1)).correlate_except(contact_terms).scalar_subquery() for term in found]


def _terms(number: int) -> Select[Any]:
    """The ids of those who have the word, some of them more than once."""
    return select(contact_terms.c.contact_id.label("id")).where(_in_range(number))


def _in_range(number: int) -> ColumnElement[bool]:
    return and_(
        contact_terms.c.term >= bindparam(f"from{number}", type_=TEXT),
        contact_terms.c.term < bindparam(f"to{number}", type_=TEXT),
    )


def _literal(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer())
