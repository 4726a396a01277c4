"""Who has an address, or had it as a record that became part of another.

Of an organization that is too young for statistics the planner believes that any index leads to its few rows, and takes
whichever. Asked for by a span and in the order of an index, they are found by that one.
"""

from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, Select, literal_column, not_, or_, select, true

from adapters.postgres.contact_conditions import is_there
from adapters.postgres.directory_tables import contact_former_addresses
from adapters.postgres.tables import contacts

SOMEBODY = contacts.alias("somebody")
PERSON = contacts.alias("person")
FORMER = contact_former_addresses.alias("former")


def with_address(email_key: str | ColumnElement[str]) -> Select[Any]:
    """The id of the one who has it and was not deleted."""
    return _along(SOMEBODY.c.email_key, email_key, SOMEBODY.c.id).where(SOMEBODY.c.deleted_at.is_(None))


def formerly_with(email_key: str | ColumnElement[str]) -> Select[Any]:
    """The ids of those who had it and were not deleted, the latest first."""
    alive = _along(PERSON.c.id, FORMER.c.contact_id, PERSON.c.id).where(PERSON.c.deleted_at.is_(None))
    had = _along(FORMER.c.email_key, email_key, FORMER.c.contact_id.label("id")).where(_any(alive, PERSON))
    return had.order_by(FORMER.c.at.desc(), FORMER.c.id.desc())


def is_free(email_key: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether nobody has the address, and nobody had it who was not deleted. Both are seen at one moment: between them,
    a record that becomes part of another would be overlooked."""
    taken = or_(_any(with_address(email_key), SOMEBODY).is_(true()), _any(formerly_with(email_key), FORMER).is_(true()))
    return or_(email_key == "", not_(taken))


def _along(key: Column[Any], value: Any, *shown: ColumnElement[Any]) -> Select[Any]:
    return select(*shown).where(key >= value, key <= value).order_by(key)


def _any(found: Select[Any], of: Any) -> ColumnElement[bool]:
    rows = found.offset(literal_column("0", Integer())).correlate_except(of).subquery()
    return is_there(rows)
