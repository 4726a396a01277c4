"""Keyset cursors: the sort key and id of the last row, opaque to clients and bound to the list and its order."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from domain.shared.errors import InvalidCursor

LARGEST_NUMBER = 2**63 - 1


def write_cursor(order: str, key: Sequence[object]) -> str:
    """`order` names list and sort, so that a cursor of another list is refused."""
    values = [value.isoformat() if isinstance(value, datetime) else value for value in key]
    return base64.urlsafe_b64encode(orjson.dumps([order, *values], default=str)).decode().rstrip("=")


def read_cursor(order: str, cursor: str, kinds: Sequence[type]) -> list[Any]:
    """The values of the last row. Raises InvalidCursor for anything that `write_cursor` did not make for this order."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, *values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name != order or len(values) != len(kinds):
            raise InvalidCursor
        return [_typed(value, kind) for value, kind in zip(values, kinds, strict=True)]
    except (binascii.Error, orjson.JSONDecodeError, ValueError, TypeError, OverflowError) as error:
        raise InvalidCursor from error


def _typed(value: object, kind: type) -> object:
    if kind is int:
        if type(value) is not int or abs(value) > LARGEST_NUMBER:
            raise InvalidCursor
        return value
    if not isinstance(value, str) or "\0" in value:
        raise InvalidCursor
    if kind is datetime:
        return datetime.fromisoformat(value).astimezone(UTC)
    return UUID(value) if kind is UUID else value
