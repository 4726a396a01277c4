"""Lists are read by keyset: a page, and a cursor that names where the next one starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

DEFAULT_LIMIT = 50
MAXIMUM_LIMIT = 200


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How many, from where, and whether to count them all (only where a count is cheap or asked for)."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None
    total: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items in order, and the cursor of the next page, if there is one."""

    items: Sequence[T]
    next_cursor: str | None = None
    total: int | None = None
