"""Files of rows, which are read in a process of their own: what is asked of it, and what it answers.

That process begins with what stands here, so no stores do.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from domain.contacts.imports.model import ImportColumn, Layout
from domain.contacts.imports.preparing import Plan, Values
from domain.shared.files import PIECE

# What is looked at to find out how a file is laid out: its first piece.
HEAD = PIECE
# No more of a file is looked at for the end of a row.
LARGEST_WINDOW = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a file that streamed by: its beginning, its size, about how many lines it has.

    `encoding` is None where it is not Unicode; `strange` are lines that show which one it is. Of a workbook the rows
    are counted instead of lines.
    """

    head: bytes
    size: int
    lines: int
    encoding: str | None
    strange: bytes = b""
    by_lines: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether the beginning is all there is."""
        return len(self.head) == self.size


@dataclass(frozen=True, slots=True)
class Wanted:
    """How somebody says that a file is to be read; None leaves it to be found out."""

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """How a file is laid out, and its columns."""

    layout: Layout
    columns: Sequence[ImportColumn]


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading goes on: a byte, the number of the line there, and whether it is inside of one that is skipped."""

    at: int
    line: int
    skipping: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that were read, `count` without the blank ones, and where the next ones begin.

    `rows` are the `STAGED_COLUMNS` of domain.contacts.imports.batching as PostgreSQL copies text, a line each: cells
    between tabs, nothing for what is not there, a backslash for what would end a cell. So they come from one process to
    the database without being unpacked on the way.
    """

    rows: bytes
    count: int
    next: Place


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a preview: its cells, what would be kept by field, and what is wrong with it."""

    line: int
    cells: Sequence[str]
    values: Values
    faults: Sequence[Mapping[str, Any]]


class Glance(Protocol):
    """Looks at a file while it streams by."""

    def see(self, content: bytes) -> bytes:
        """What is to be kept of it. Raises InvalidField for what is no text, and for too much of it."""
        ...

    def end(self) -> Seen:
        """Raises InvalidField for a file without anything in it, and for one with too many rows."""
        ...


class Tables(Protocol):
    """Reads files of rows. Whatever is in them, it harms and holds up nobody: raises Unavailable, then, and the process
    that read it is gone."""

    def glance(self) -> Glance: ...

    def unfolded(self, workbook: AsyncIterator[bytes]) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The first sheet as CSV, whose records are its rows. Raises InvalidField."""
        ...

    async def survey(self, seen: Seen, wanted: Wanted, own_fields: Mapping[str, str]) -> Table:
        """How the file is laid out, with a field suggested for each column. Raises InvalidField.

        `own_fields` are the keys of the organization's fields by label.
        """
        ...

    async def preview(self, content: bytes, layout: Layout, plan: Plan, most: int, *, last: bool) -> Sequence[ShownRow]:
        """The first rows of a table from where they begin."""
        ...

    async def prepare(
        self, content: bytes, place: Place, layout: Layout, plan: Plan, most: int, *, last: bool
    ) -> Stretch:
        """At most so many rows from the beginning of the content. None, where a row does not end in it, unless it is
        the `last` or too long for being waited for."""
        ...
