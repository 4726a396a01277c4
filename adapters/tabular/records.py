"""The records of a CSV file, a stretch of it at a time, each with the number of the line that it begins in.

Quotes are read strictly, and what cannot be read is one line long: after a quote that is never closed, or that stands
in the middle of a cell, the next line is read as if nothing had been. So one wrong quote costs one row, and not all
that follow.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.contacts.imports.preparing import Fault, Row, Unreadable
from domain.contacts.imports.tables import LARGEST_WINDOW
from domain.shared.errors import FieldError

# No record, and no line, is longer: more of a file is never looked at to find the end of one.
LONGEST_RECORD = 1024 * 1024
TOLD_OF_A_LINE = 2_000

TOO_LONG = Fault(FieldError("", "row_too_long", "This row is too long. Is a quote or a line break missing?"))
WRONG_QUOTES = Fault(
    FieldError("", "wrong_quotes", "The quotes are not in order: quote the whole cell, and write a quote in it twice.")
)

csv.field_size_limit(LONGEST_RECORD)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the text is read. Without `by_lines` records are counted instead: of a workbook each is a row."""

    encoding: str
    delimiter: str
    by_lines: bool = True


@dataclass(slots=True)
class Stretch:
    """What was read: the rows, how many bytes of the content they took, and the number of the line after them.

    `skipping` the rest of a line that is too long.
    """

    line: int
    rows: list[Row] = field(default_factory=list)
    taken: int = 0
    skipping: bool = False


def read(content: bytes, reading: Reading, line: int, most: int, *, last: bool, skipping: bool = False) -> Stretch:
    """At most so many records from the beginning of the content; `last` says that nothing follows it."""
    stretch = Stretch(line, skipping=skipping)
    if skipping and not _skip(content, stretch, last):
        return stretch
    lines = _whole_lines(content[stretch.taken :], last)
    if not lines:
        _give_up(content, stretch, reading)
        return stretch
    texts = [one.decode(reading.encoding, "surrogateescape") for one in lines]
    used = 0
    while used < len(lines) and len(stretch.rows) < most:
        begun = used
        used = _records(texts, used, stretch, reading, most, may_go_on=not last)
        if used == begun and not _is_lost(content, stretch):
            break
        if used == begun:
            used = _leave_out(texts, used, stretch, reading, TOO_LONG)
    stretch.taken += sum(map(len, lines[:used]))
    return stretch


def _records(texts: Sequence[str], used: int, stretch: Stretch, reading: Reading, most: int, *, may_go_on: bool) -> int:
    """Reads up to the first fault, which is noted, or to a record that goes on beyond. How many lines are used then."""
    reader = csv.reader(texts[used:] if used else texts, delimiter=reading.delimiter, strict=True)
    first, rows = used, stretch.rows
    room = most - len(rows)
    try:
        for number, cells in enumerate(reader, 1):
            rows.append((stretch.line, cells))
            stretch.line += reader.line_num + first - used if reading.by_lines else 1
            used = first + reader.line_num
            if number == room:
                break
    except csv.Error:
        if may_go_on and first + reader.line_num == len(texts):
            return used
        return _leave_out(texts, used, stretch, reading, WRONG_QUOTES)
    return used


def _leave_out(texts: Sequence[str], used: int, stretch: Stretch, reading: Reading, fault: Fault) -> int:
    stretch.rows.append((stretch.line, Unreadable(fault, texts[used][:TOLD_OF_A_LINE].rstrip("\r\n"))))
    stretch.line += 1
    return used + 1


def _is_lost(content: bytes, stretch: Stretch) -> bool:
    """There is no use in waiting for more."""
    return not stretch.rows and len(content) >= LARGEST_WINDOW


def _whole_lines(content: bytes, last: bool) -> list[bytes]:
    """A carriage return at the end may be half of a line's end."""
    lines = content.splitlines(keepends=True)
    if lines and not last and not lines[-1].endswith(b"\n"):
        lines.pop()
    return lines


def _give_up(content: bytes, stretch: Stretch, reading: Reading) -> None:
    """A line whose end is too far away is left out, as far as it is known."""
    rest = content[stretch.taken :]
    if len(rest) >= LONGEST_RECORD:
        told = rest[:TOLD_OF_A_LINE].decode(reading.encoding, "replace")
        stretch.rows.append((stretch.line, Unreadable(TOO_LONG, told)))
        stretch.taken, stretch.skipping = len(content), True


def _skip(content: bytes, stretch: Stretch, last: bool) -> bool:
    """To the beginning of the next line; whether there is one."""
    rest = next(iter(content.splitlines(keepends=True)), b"")
    # A carriage return at the end may be half of the line's end.
    is_open = not rest.endswith((b"\n", b"\r")) or (rest.endswith(b"\r") and len(rest) == len(content))
    if is_open and not last:
        stretch.taken = len(rest.removesuffix(b"\r"))
        return False
    stretch.taken, stretch.skipping = len(rest), False
    stretch.line += 1
    return True
