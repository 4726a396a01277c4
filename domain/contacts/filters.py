"""Filters as documents, the same wherever one is kept or sent: in lists, saved views and bulk work."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.contacts.model import ContactFilter

Document = Mapping[str, Any]

_READ: Mapping[str, Callable[[Any], Any]] = {
    "owner_id": UUID,
    "list_id": UUID,
    "salesflow_id": UUID,
    "last_activity_after": datetime.fromisoformat,
    "last_activity_before": datetime.fromisoformat,
    "fields": dict,
}


def document_of(matching: ContactFilter) -> dict[str, Any]:
    """What is asked for and nothing else, as JSON has it."""
    given = {field.name: getattr(matching, field.name) for field in fields(ContactFilter)}
    return {name: _written(value) for name, value in given.items() if value is not None and value != {}}


def filter_of(document: Document) -> ContactFilter:
    """The filter that `document_of` wrote down."""
    return ContactFilter(**{name: _READ.get(name, _as_it_is)(value) for name, value in document.items()})


def _written(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value


def _as_it_is(value: object) -> object:
    return value
