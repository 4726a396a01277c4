"""The ways to the contacts of a page, as statements.

Plans must not hang on the planner's guesses, which for bound values are far off: every statement is written so that
there is one good way to do it, and which one that is, is decided before (`contact_ways`). Contacts are created in the
order of their ids, so the index of every condition has its members in that order as well.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, not_, or_, select, true, union_all
from sqlalchemy.sql.selectable import CTE, FromClause, Subquery

from adapters.postgres.contact_conditions import (
    BY_ROW,
    KEYS,
    ON_RECORD,
    TOLD,
    TOLD_BY_ORDERS,
    Kind,
    begins,
    bounds,
    is_alive,
    literal,
    made_before,
    may_meet,
    meeting,
    natural_orders,
    sorted_under,
    telling_parts,
)
from adapters.postgres.contact_sets import (
    apart_from_each_other,
    candidates_of,
    each_once,
    is_at_hand,
    members_of,
    narrowing,
)
from adapters.postgres.contact_shapes import Shape, behind_cursor, in_order, order
from adapters.postgres.contact_ways import Way
from adapters.postgres.tables import ID, contacts


def finding(shape: Shape) -> Select[Any]:
    """Ids of the contacts of the page and one more, with their sort keys where there are others, in order."""
    if shape.way is Way.WHOLE:
        return _whole(shape)
    if shape.reach:
        return _walked(shape)
    return _followed(shape) if shape.goes_on else _native(shape)


def _native(shape: Shape) -> Select[Any]:
    """Along the members of the first condition."""
    ordered = _by_id(shape).offset(literal(0)).subquery("members")
    others = narrowing(ordered, shape.kinds, shape.at_hand)
    return in_order(select(ordered.c.id).where(is_alive(ordered.c.id), *others), ordered, shape)


def _by_id(shape: Shape) -> Select[Any]:
    """The members of the first condition, in the order of creation."""
    [[key]] = natural_orders(shape.kinds[0])
    [first] = telling_parts(shape.kinds[0], 0)
    first = first.where(*made_before(key, shape.kinds)).order_by(key.desc() if shape.sort.descending else key)
    return first.where(behind_cursor(shape.sort, key)) if shape.after else first


def _whole(shape: Shape) -> Select[Any]:
    """The members of the first condition that meet the others, in their order."""
    if shape.by_creation:
        return _sorted(shape)
    if shape.kinds[0] is Kind.WORD and shape.key in KEYS:
        return _apart(shape)
    return _on_from_there(_looked_up(candidates_of(shape.kinds, shape.at_hand), shape), shape)


def _looked_up(found: Select[Any], shape: Shape) -> Subquery:
    """By their ids, for what they are sorted by and whether they meet what their rows tell; apart, so that nothing but
    the ids leads to them."""
    candidates = found.subquery("candidates")
    others = sorted({*range(1 + shape.at_hand, len(shape.kinds))} - {*_late(shape)})
    asked = [number for number in others if shape.kinds[number] not in BY_ROW]
    told = [ON_RECORD[shape.kinds[number]](contacts, number) for number in others if number not in asked]
    source = _kept(select(candidates.c.id).where(*meeting(candidates, shape.kinds, asked)))
    wanted = contacts.c.id == func.any(func.array(select(source.c.id).scalar_subquery()))
    people = select(contacts.c.id, contacts.c[shape.key]).where(wanted, contacts.c.deleted_at.is_(None), *told)
    return people.offset(literal(0)).subquery("looked_up")


def _kept(source: Select[Any]) -> CTE:
    return source.cte("source").prefix_with("MATERIALIZED")


def _on_from_there(found: Subquery, shape: Shape, *conditions: ColumnElement[bool]) -> Select[Any]:
    behind = [behind_cursor(shape.sort, found.c[shape.key], found.c.id)] if shape.after else []
    people = select(found).where(*behind, *conditions)
    if not shape.late:
        return in_order(people, found, shape)
    ordered = people.order_by(*order(found, shape)).offset(literal(0)).subquery("ordered")
    return in_order(select(ordered).where(*meeting(ordered, shape.kinds, _late(shape))), ordered, shape)


def _late(shape: Shape) -> list[int]:
    """The conditions that are asked about last. What nearly everybody meets is told by their rows."""
    rare = [number for number, kind in enumerate(shape.kinds) if kind is not Kind.REACHABLE]
    return rare[len(rare) - shape.late :]


def _apart(shape: Shape) -> Select[Any]:
    """Whoever is sorted under the word stands together in the order, and has the word; the others are looked up, and
    left out before or then if they stand there, too."""
    found = _looked_up(each_once(_elsewhere(shape), shape.kinds, shape.at_hand), shape)
    left_out = [_is_not_under(found, shape)] if shape.few_elsewhere else []
    either = union_all(_standing_together(shape), _on_from_there(found, shape, *left_out)).subquery("apart")
    return in_order(select(either), either, shape)


def _elsewhere(shape: Shape) -> Subquery:
    """The word's members who are not sorted under it, as far as other orders tell it; the others by whoever is, or all
    of them where few are expected."""
    parts = apart_from_each_other(telling_parts(shape.kinds[0], 0, but_of=shape.key))
    told = [members_of(part, shape.kinds).where(_is_not_under(part, shape)) for part in parts if shape.key in part.c]
    others = union_all(*(members_of(part, shape.kinds) for part in parts if shape.key not in part.c)).subquery("others")
    is_there = others.c.id.in_(sorted_under(shape.key, 0)).is_(true())
    left = select(others.c.id).where(*([] if shape.few_elsewhere else [not_(is_there)]))
    found = union_all(left, *told).subquery("found")
    return select(found.c.id).offset(literal(0)).subquery("elsewhere")


def _is_not_under(rows: FromClause, shape: Shape) -> ColumnElement[bool]:
    return not_(and_(*begins(rows.c[shape.key], 0)))


def _standing_together(shape: Shape) -> Select[Any]:
    """The order, as far as it is sorted under the word."""
    there = select(*_told(shape)).where(contacts.c.deleted_at.is_(None), *_in_block(shape))
    block = there.order_by(*order(contacts, shape)).offset(literal(0)).subquery("block")
    matching = select(block.c.id, block.c[shape.key]).where(*narrowing(block, shape.kinds, shape.at_hand))
    return in_order(matching, block, shape)


def _in_block(shape: Shape) -> list[ColumnElement[bool]]:
    """Entered at the cursor where that is inside. The id is compared apart: of two beginnings PostgreSQL may take the
    farther one."""
    key = contacts.c[shape.key]
    if not shape.after:
        return begins(key, 0)
    first, last = bounds(key, 0)
    here, last_id = bindparam("after", type_=key.type), bindparam("after_id", type_=ID)
    same = key == here
    if shape.sort.descending:
        return [key >= first, key <= func.least(last, here), or_(key < here, and_(same, contacts.c.id < last_id))]
    return [key >= func.greatest(first, here), key < last, or_(key > here, and_(same, contacts.c.id > last_id))]


def _sorted(shape: Shape) -> Select[Any]:
    """The candidates in the order of their ids; no more of them are asked for the other conditions, and whether they
    are there, than until the page is full. Where nothing is asked no more are sorted than the page needs."""
    if len(shape.kinds) == 1 + shape.at_hand and shape.kinds[0] in ON_RECORD:
        return _on_from_there(candidates_of(shape.kinds, shape.at_hand).subquery("candidates"), shape)
    candidates = _kept(candidates_of(shape.kinds, shape.at_hand))
    ordered = select(candidates.c.id).order_by(*order(candidates, shape)).offset(literal(0)).subquery("ordered")
    behind = [behind_cursor(shape.sort, ordered.c.id)] if shape.after else []
    others = meeting(ordered, shape.kinds, range(1 + shape.at_hand, len(shape.kinds)))
    return in_order(select(ordered.c.id).where(*behind, *others, is_alive(ordered.c.id)), ordered, shape)


def nearby(shape: Shape) -> tuple[CTE, CTE]:
    """The first of the order, as many as the shape's reach; and those of them who match, as far as the page needs. Both
    end where the page is full."""
    nearest = _along(shape, at_hand=False).limit(literal(shape.reach)).cte("nearest").prefix_with("MATERIALIZED")
    columns = [nearest.c[name] for name in dict.fromkeys(("id", shape.key))]
    met = select(*columns).where(*meeting(nearest, shape.kinds, _but_of_the_order(shape)))
    return nearest, in_order(met, nearest, shape).cte("met").prefix_with("MATERIALIZED")


def _walked(shape: Shape) -> Select[Any]:
    """Along an order, by its own index; another way if that does not fill the page and the order goes on."""
    native = shape.way is Way.NATIVE
    people = _by_id(shape) if native else _along(shape, at_hand=shape.way is Way.HASHED)
    nearest = people.limit(literal(shape.reach)).subquery("nearest")
    columns = [nearest.c[name] for name in dict.fromkeys(("id", shape.key))]
    matching = select(*columns).where(*_on_the_way(nearest, shape))
    met = in_order(matching, nearest, shape).cte("met").prefix_with("MATERIALIZED")
    beyond = people.with_only_columns(true()).offset(literal(shape.reach)).limit(literal(1)).scalar_subquery()
    filled = func.count() >= literal(shape.fetched)
    ended = select(or_(filled, beyond.is_(None)).label("ended")).select_from(met).cte("ended")
    is_ended = select(ended.c.ended).scalar_subquery()
    otherwise = _followed(shape) if shape.goes_on else _whole(shape)
    either = union_all(select(met).where(is_ended), otherwise.where(not_(is_ended))).subquery("either")
    return in_order(select(either), either, shape)


def _followed(shape: Shape) -> Select[Any]:
    """The whole order, with the first condition's members at hand or asking for it: it ends where the page is full."""
    people = _along(shape, at_hand=bool(shape.at_hand)).where(*_told_where_read(shape))
    farther = people.offset(literal(0)).subquery("farther")
    columns = [farther.c[name] for name in dict.fromkeys(("id", shape.key))]
    first = [is_at_hand(farther.c.id, shape.kinds, 0)] if shape.at_hand else []
    others = meeting(farther, shape.kinds, range(len(first), len(shape.kinds)))
    return in_order(select(*columns).where(*first, *others), farther, shape)


def _along(shape: Shape, *, at_hand: bool) -> Select[Any]:
    """Everybody in the order of the page, with what it tells. If that decides nothing, and no set that is at hand,
    with what their rows say, too: else few are left to be asked, and no row is read for all the others."""
    decides = at_hand or any(kind in TOLD_BY_ORDERS for kind in shape.kinds)
    people = select(*_told(shape), *(() if decides else (contacts.c.status_id, contacts.c.owner_id)))
    return everybody(shape, people).order_by(*order(contacts, shape))


def _told_where_read(shape: Shape) -> list[ColumnElement[bool]]:
    """What the order tells of the conditions, asked where it is read, since to hand on an entry takes longer than that.
    Of a value that is not null the planner believes that nearly everybody has one: else it would leave the order."""
    numbers = [number for number in _but_of_the_order(shape) if shape.kinds[number] in TOLD_BY_ORDERS]
    told = and_(*(may_meet(contacts, shape.kinds[number], number) for number in numbers))
    return [case((told, true())).is_not(None)] if numbers else []


def _told(shape: Shape) -> list[ColumnElement[Any]]:
    """By every entry of the order."""
    return [contacts.c[name] for name in dict.fromkeys(("id", shape.key, *TOLD))]


def _on_the_way(nearest: Subquery, shape: Shape) -> list[ColumnElement[bool]]:
    """The conditions on those who are met."""
    if shape.way is Way.NATIVE:
        return [is_alive(nearest.c.id), *narrowing(nearest, shape.kinds, 0)]
    if shape.way is Way.HASHED:
        return [is_at_hand(nearest.c.id, shape.kinds, 0), *narrowing(nearest, shape.kinds, 0)]
    return meeting(nearest, shape.kinds, _but_of_the_order(shape))


def everybody(shape: Shape, people: Select[Any]) -> Select[Any]:
    """Of the people who was not deleted, behind the cursor, under the conditions that an index of the order knows by
    itself."""
    query = people.where(contacts.c.deleted_at.is_(None))
    numbers = range(len(shape.kinds)) if shape.way is Way.ALONG else _of_the_order(shape)
    query = query.where(*(ON_RECORD[shape.kinds[number]](contacts, number) for number in numbers))
    if shape.by_creation:
        query = query.where(*made_before(contacts.c.id, shape.kinds))
    return query.where(behind_cursor(shape.sort, contacts.c[shape.key], contacts.c.id)) if shape.after else query


def _of_the_order(shape: Shape) -> list[int]:
    """A span of time is a part of the order by that time."""
    by_activity = shape.key == contacts.c.last_activity_at.name
    return [number for number, kind in enumerate(shape.kinds) if by_activity and kind is Kind.ACTIVITY]


def _but_of_the_order(shape: Shape) -> list[int]:
    return [number for number in range(len(shape.kinds)) if number not in _of_the_order(shape)]
