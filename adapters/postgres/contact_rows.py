"""How contacts are laid out in rows: the columns of a record, of a list, and the arrays of an insert."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

import msgspec
import orjson
from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, case, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import FromClause, TableValuedAlias
from sqlalchemy.types import TypeEngine

from adapters.postgres.tables import contact_statuses, contacts, users
from domain.contacts.beginnings import beginnings_of
from domain.contacts.folding import sort_key
from domain.contacts.model import Contact, EmailState
from domain.contacts.search_terms import terms_of

# The names that are looked up, and the sort keys that are made, have no field or no column of their own.
NAMES = ("status", "owner_name")
STORED = tuple(field.name for field in fields(Contact) if field.name not in NAMES)


class Owner(msgspec.Struct, gc=False):
    """A user, by name."""

    id: str
    name: str


class Listed(msgspec.Struct, gc=False):
    """A row of a list: its columns in their order, by the names of the API, which writes it as it is. Times are written
    by PostgreSQL, for which the driver takes six times as long; where nothing happened since the creation, once."""

    id: str
    name: str
    opted_out: bool
    do_not_call: bool
    status: str
    salutation: str | None
    first_name: str | None
    last_name: str
    email: str | None
    company: str | None
    job_title: str | None
    business_phone: str | None
    mobile_phone: str | None
    street: str | None
    city: str | None
    state: str | None
    zip: str | None
    country: str | None
    time_zone: str | None
    custom: msgspec.Raw
    email_state: str
    opted_out_at: str | None
    last_activity_at: str | None
    created_at: str
    updated_at: str | None
    version: int
    owner: Owner | None


SHOWN = Listed.__struct_fields__
STATUS, CUSTOM, OWNER = (SHOWN.index(name) for name in ("status", "custom", "owner"))
TIMES = ("opted_out_at", "last_activity_at", "created_at", "updated_at")
# What is the time of the creation until something happens, as with most who were imported.
SINCE_CREATED = ("last_activity_at", "updated_at")
WRITTEN: ColumnElement[str] = literal_column("""'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'""")


def with_names(rows: FromClause) -> FromClause:
    """The rows, joined with the names of their status and owner."""
    statuses = contact_statuses.c
    of_status = and_(statuses.organization_id == rows.c.organization_id, statuses.id == rows.c.status_id)
    of_owner = and_(users.c.organization_id == rows.c.organization_id, users.c.id == rows.c.owner_id)
    return rows.join(contact_statuses, of_status).outerjoin(users, of_owner)


def records() -> Select[Any]:
    """All that there is about contacts which were not deleted."""
    return every_record().where(contacts.c.deleted_at.is_(None))


def every_record() -> Select[Any]:
    """The same of deleted ones, too."""
    stored = [contacts.c[name] for name in STORED]
    names = [contact_statuses.c.label.label("status"), users.c.name.label("owner_name")]
    return select(*stored, *names).select_from(with_names(contacts))


def listed(page: FromClause) -> list[ColumnElement[Any]]:
    """The columns of a list, in the order of `Listed`; `entries` puts the names in."""
    made: dict[str, ColumnElement[Any]] = {
        "id": cast(page.c.id, Text),
        "name": func.concat_ws(literal_column("' '"), page.c.first_name, page.c.last_name),
        "opted_out": page.c.opted_out_at.is_not(None),
        "do_not_call": page.c.do_not_call_at.is_not(None),
        "status": cast(page.c.status_id, Text),
        "custom": cast(page.c.custom, Text),
        "owner": cast(page.c.owner_id, Text),
        **{name: func.to_char(page.c[name], WRITTEN) for name in TIMES},
        **{name: _written_unless_created_then(page, name) for name in SINCE_CREATED},
    }
    return [(made[name] if name in made else page.c[name]).label(name) for name in SHOWN]


def _written_unless_created_then(page: FromClause, name: str) -> ColumnElement[Any]:
    at = page.c[name]
    return case((at != page.c.created_at, func.to_char(at, WRITTEN)))


def named(rows: Sequence[Any]) -> set[str]:
    """The ids of the statuses and owners in rows of a page."""
    ids = {row[STATUS] for row in rows} | {row[OWNER] for row in rows}
    ids.discard(None)
    return ids


def entries(rows: Sequence[Any], names: Mapping[str, str]) -> list[Listed]:
    """Rows of a page as the API shows them: own fields stay the JSON that they are. Raises KeyError where a name of
    theirs is not among those given."""
    owners: dict[str | None, Owner | None] = {None: None}
    width, shown = len(SHOWN), []
    for row in rows:
        owner_id = row[OWNER]
        if owner_id not in owners:
            owners[owner_id] = Owner(owner_id, names[owner_id])
        entry = Listed(*row[:width])
        entry.status = names[row[STATUS]]
        entry.owner = owners[owner_id]
        entry.custom = msgspec.Raw(row[CUSTOM])
        entry.last_activity_at = entry.last_activity_at or entry.created_at
        entry.updated_at = entry.updated_at or entry.created_at
        shown.append(entry)
    return shown


def contact(row: Any) -> Contact:
    """A row of `records`."""
    values = row._asdict()
    return Contact(**{**values, "email_state": EmailState(values["email_state"])})


def columns(record: Contact) -> dict[str, object]:
    """What is stored of a contact, with its sort keys and the words that it is found by."""
    stored = {name: getattr(record, name) for name in STORED}
    terms = terms_of(record)
    low, high = beginnings_of(terms)
    return {
        **stored,
        "custom": dict(record.custom),
        "email_state": record.email_state.value,
        "name_key": sort_key(record.name),
        "email_key": record.email_key,
        "company_key": sort_key(record.company),
        "terms": told(terms),
        "beginnings_low": low,
        "beginnings_high": high,
    }


def told(terms: Iterable[str]) -> str:
    """As a contact tells its words: each behind a space, by which their beginnings are known."""
    return "".join(f" {term}" for term in sorted(terms))


def arrays(organization_id: UUID | None, records_: Sequence[Contact]) -> dict[str, list[object]]:
    """The same of many, by column, for unnest."""
    rows = [
        {"organization_id": organization_id, **columns(record), "custom": orjson.dumps(dict(record.custom)).decode()}
        for record in records_
    ]
    return {name: [row[name] for row in rows] for name in rows[0]}


def rows_of(**columns_: TypeEngine[object]) -> TableValuedAlias:
    """Rows out of one array a column, bound by the names of the columns."""
    given = [bindparam(name, type_=ARRAY(kind)) for name, kind in columns_.items()]
    return func.unnest(*given).table_valued(*columns_, name="given").render_derived()
