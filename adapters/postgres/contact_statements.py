"""The statements of the directory, compiled once for every shape that a question can have."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    select,
    true,
    union_all,
)
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import FromClause

from adapters.postgres.connection import CompiledStatement
from adapters.postgres.contact_conditions import (
    ELSEWHERE,
    ON_RECORD,
    TOLD,
    Kind,
    is_alive,
    is_member,
    literal,
    may_meet,
    meeting,
    members,
    natural_orders,
    parts,
    status_named,
)
from adapters.postgres.contact_counted import COUNTED, TRIED
from adapters.postgres.contact_finding import everybody, finding, nearby
from adapters.postgres.contact_rows import listed
from adapters.postgres.contact_sets import source_of
from adapters.postgres.contact_shapes import Shape, in_order, order, sort_column
from adapters.postgres.contact_ways import Way
from adapters.postgres.tables import ID, TIME, contacts
from domain.contacts.model import ContactSort

MOST_COUNTED = 100_000


@lru_cache(maxsize=4096)
def page_statement(shape: Shape) -> CompiledStatement:
    """The columns of a list, `sort_key` unless it is the id, and `total` if asked for. Takes the values of the
    conditions, after and after_id."""
    if shape.way is Way.ALONG:
        page = in_order(everybody(shape, select(contacts)), contacts, shape).subquery("page")
    else:
        found = finding(shape).subquery("found")
        person = select(contacts).where(contacts.c.id == found.c.id).limit(literal(1)).lateral("person")
        page = select(person).select_from(found.join(person, true())).subquery("page")
    columns = [*listed(page), *_sort_key(page, shape)]
    if shape.total:
        # On a way along the order it is said of the first condition, if at all, that it is at hand.
        at_hand = 0 if shape.goes_on else shape.at_hand
        columns.append(_total(shape.kinds, at_hand).label("total"))
    return CompiledStatement(select(*columns).order_by(*order(page, shape)))


@lru_cache(maxsize=4096)
def near_statement(shape: Shape) -> CompiledStatement:
    """Like a page, of those who are met among the first of the order, as many as the shape's reach. `passed` is how
    many that were, where they did not fill the page; it stands in a row of its own where nobody is met."""
    nearest, met = nearby(shape)
    person = select(contacts).where(contacts.c.id == met.c.id).limit(literal(1)).lateral("person")
    page = select(person).select_from(met.join(person, true())).subquery("page")
    filled = select(func.count()).select_from(met).scalar_subquery() >= literal(shape.fetched)
    passed = case((filled, None), else_=select(func.count()).select_from(nearest).scalar_subquery())
    tally = select(literal(1).label("one")).subquery("tally")
    columns = [*listed(page), *_sort_key(page, shape), passed.label("passed")]
    return CompiledStatement(select(*columns).select_from(tally.outerjoin(page, true())).order_by(*order(page, shape)))


@lru_cache(maxsize=4096)
def next_statement(shape: Shape) -> CompiledStatement:
    """The ids alone, and of deleted ones none."""
    if shape.way is Way.ALONG:
        return CompiledStatement(in_order(everybody(shape, select(contacts.c.id)), contacts, shape))
    return CompiledStatement(finding(shape))


@lru_cache
def key_statement(sort: ContactSort) -> CompiledStatement:
    """`sort_key` of the contact `contact_id`."""
    person = contacts.c.id == bindparam("contact_id", type_=ID)
    return CompiledStatement(select(sort_column(sort).label("sort_key")).where(person, contacts.c.deleted_at.is_(None)))


@lru_cache(maxsize=1024)
def counting_statement(kinds: tuple[Kind, ...]) -> CompiledStatement:
    """One row: of each condition in turn the size of each part of its set, counted up to one more than COUNTED; as far
    as some of it can tell which share of the set meets all other conditions, too, and of its last ones, and the first
    and the last id of it; which share of everybody may have a word by what orders tell; and the id of a status."""
    columns: list[ColumnElement[Any]] = []
    for number, kind in enumerate(kinds):
        for place, part in enumerate(parts(kind, number)):
            columns.append(_count(part, COUNTED + 1).label(f"size{number}_{place}"))
        columns.append(_tried(kinds, number).label(f"tried{number}"))
        if kind is Kind.WORD:
            columns.append(_told(number).label(f"told{number}"))
        if kind is Kind.STATUS:
            columns.append(status_named(number).label(f"status{number}"))
    return CompiledStatement(select(*columns))


@lru_cache(maxsize=1024)
def ids_statement(kinds: tuple[Kind, ...]) -> CompiledStatement:
    """The ids of all that match, newest first. Takes `limit` beside the conditions."""
    people = select(contacts.c.id).where(contacts.c.deleted_at.is_(None), *_in_sets(kinds))
    return CompiledStatement(people.order_by(contacts.c.id.desc()).limit(bindparam("limit", type_=Integer())))


@lru_cache(maxsize=1024)
def piece_statement(kinds: tuple[Kind, ...], whole: bool, after: bool) -> CompiledStatement:
    """The next ids in their order, of those created before `created_before`. Takes `limit` and `after_id`, too. The
    set of the first condition is read whole if it is small."""
    query = select(contacts.c.id).where(contacts.c.deleted_at.is_(None), _is_older())
    if whole:
        query = query.where(contacts.c.id.in_(select(members(kinds[0], 0).subquery("members").c.id)))
    query = query.where(*meeting(contacts, kinds, range(int(whole), len(kinds))))
    if after:
        query = query.where(contacts.c.id > bindparam("after_id", type_=ID))
    return CompiledStatement(query.order_by(contacts.c.id).limit(bindparam("limit", type_=Integer())))


@lru_cache(maxsize=1024)
def total_statement(kinds: tuple[Kind, ...]) -> CompiledStatement:
    """How many match, exactly."""
    people = select(func.count().label("matching")).select_from(contacts)
    return CompiledStatement(people.where(contacts.c.deleted_at.is_(None), *_in_sets(kinds)))


def _sort_key(page: FromClause, shape: Shape) -> list[ColumnElement[Any]]:
    """By creation it is the id, which a list has anyway."""
    return [] if shape.by_creation else [page.c[shape.key].label("sort_key")]


def _in_sets(kinds: Sequence[Kind]) -> list[ColumnElement[bool]]:
    """For all who match at once: sets that are told elsewhere are read whole."""
    return [
        contacts.c.id.in_(members(kind, number)) if kind in ELSEWHERE else ON_RECORD[kind](contacts, number)
        for number, kind in enumerate(kinds)
    ]


def _tried(kinds: tuple[Kind, ...], number: int) -> ColumnElement[Any]:
    """Some of both ends of a set, as people at its beginning are often alike: which share of them meets the other
    conditions, which share of those at its end, and the first and the last of their ids."""
    read = list(zip(parts(kinds[number], number), natural_orders(kinds[number]), strict=True))
    some = literal(TRIED // 2 // len(read))
    ends = [
        part.add_columns(is_last.label("is_last")).order_by(*direction).limit(some).subquery()
        for part, natural in read
        for is_last, direction in ((false(), natural), (true(), [key.desc() for key in natural]))
    ]
    tried = union_all(*(select(end) for end in ends)).subquery("tried")
    others = [is_member(tried.c.id, kind, other) for other, kind in enumerate(kinds) if other != number]
    asked = select(tried, and_(true(), *others).label("met")).offset(literal(0)).subquery("asked")
    share, ids = _average(asked.c.met), cast(asked.c.id, Text)
    of_last = share.filter(asked.c.is_last)
    return select(func.row(share, of_last, func.min(ids), func.max(ids))).select_from(asked).scalar_subquery()


def _told(number: int) -> ColumnElement[Any]:
    """Tried out on the oldest and the newest."""
    alive = select(*(contacts.c[name] for name in TOLD)).where(contacts.c.deleted_at.is_(None))
    ends = [alive.order_by(key).limit(literal(TRIED // 2)).subquery() for key in (contacts.c.id, contacts.c.id.desc())]
    tried = union_all(*(select(end) for end in ends)).subquery("tried")
    return select(_average(may_meet(tried, Kind.WORD, number))).select_from(tried).scalar_subquery()


def _average(met: ColumnElement[bool]) -> FunctionElement[Any]:
    return func.avg(case((met, literal_column("1.0::float8")), else_=literal_column("0.0::float8")))


def _total(kinds: tuple[Kind, ...], at_hand: int) -> ColumnElement[int]:
    """Of all pages together, up to MOST_COUNTED."""
    if not kinds or kinds[0] is Kind.REACHABLE:
        people = select(contacts.c.id).where(contacts.c.deleted_at.is_(None))
        return _count(people.where(*meeting(contacts, kinds, range(len(kinds)))), MOST_COUNTED)
    source = source_of(kinds, at_hand).subquery("source")
    # The deleted have no terms, and no place in the indexes of what their own row says.
    is_there = kinds[0] in (Kind.WORD, *ON_RECORD)
    return _count(select(source.c.id).where(*([] if is_there else [is_alive(source.c.id)])), MOST_COUNTED)


def _count(of: Select[Any], most: int) -> ColumnElement[int]:
    limited = of.limit(literal(most)).subquery()
    return select(func.count()).select_from(limited).scalar_subquery()


def _is_older() -> ColumnElement[bool]:
    return contacts.c.created_at < bindparam("created_before", type_=TIME)
