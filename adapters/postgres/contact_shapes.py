"""The order of a page, and the shape of a question for one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, bindparam, tuple_
from sqlalchemy.sql.selectable import FromClause

from adapters.postgres.contact_conditions import Kind, literal
from adapters.postgres.contact_ways import Way
from adapters.postgres.tables import ID, contacts
from domain.contacts.model import ContactSort

COLUMNS = {
    "created_at": contacts.c.id,
    "name": contacts.c.name_key,
    "email": contacts.c.email_key,
    "company": contacts.c.company_key,
    "last_activity_at": contacts.c.last_activity_at,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a question for a page: in which order, how many rows, under which conditions, and the route there."""

    sort: ContactSort
    fetched: int
    kinds: tuple[Kind, ...] = ()
    after: bool = False
    total: bool = False
    way: Way = Way.ALONG
    at_hand: int = 0
    reach: int = 0
    goes_on: bool = False
    few_elsewhere: bool = False
    late: int = 0

    @property
    def by_creation(self) -> bool:
        return is_by_creation(self.sort)

    @property
    def key(self) -> str:
        return sort_column(self.sort).name


def is_by_creation(sort: ContactSort) -> bool:
    """In which the ids themselves are."""
    return sort in (ContactSort.CREATED, ContactSort.CREATED_DESC)


def sort_column(sort: ContactSort) -> Column[Any]:
    """The column of `contacts` that holds the sort key: never null, and followed by the id in its index."""
    return COLUMNS[sort.column]


def behind_cursor(sort: ContactSort, key: ColumnElement[Any], contact_id: ColumnElement[Any] | None = None) -> Any:
    """After the row of the cursor."""
    last_id = bindparam("after_id", type_=ID)
    if is_by_creation(sort) or contact_id is None:
        return key < last_id if sort.descending else key > last_id
    here, last = tuple_(key, contact_id), tuple_(bindparam("after", type_=key.type), last_id)
    return here < last if sort.descending else here > last


def in_order(query: Select[Any], rows: FromClause, shape: Shape) -> Select[Any]:
    """The first of the rows, as many as are fetched."""
    return query.order_by(*order(rows, shape)).limit(literal(shape.fetched))


def order(rows: FromClause, shape: Shape) -> list[ColumnElement[Any]]:
    """By the sort key, and by the id where that is another column."""
    keys: list[ColumnElement[Any]] = [rows.c[name] for name in dict.fromkeys((shape.key, "id"))]
    return [key.desc() for key in keys] if shape.sort.descending else keys
