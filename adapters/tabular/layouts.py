"""How a file is laid out: encoding, delimiter, header, columns."""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

from charset_normalizer import from_bytes

from adapters.tabular.records import Reading, read
from domain.contacts.imports.model import DELIMITERS, LATIN, MOST_COLUMNS, OLD_LATIN, SCRIPTS, ImportColumn, Layout
from domain.contacts.imports.preparing import Unreadable, is_blank
from domain.contacts.imports.suggesting import suggestions
from domain.contacts.imports.tables import Seen, Table, Wanted
from domain.shared.cells import told_by_cell
from domain.shared.errors import InvalidField

# Letters of Icelandic alone, which more often are Turkish ones on another page.
_RARE = frozenset("ÐÝÞðýþ")

_LINES = 50
_TRIED = 64 * 1024
_ROWS = 200
_SAMPLES = 5
_LONGEST_SAMPLE = 100
_LONGEST_NAME = 120
_MARK = b"\xef\xbb\xbf"
_SEPARATOR = re.compile(rb'"?sep=(.)"?\r?\n', re.IGNORECASE)
_MIXED = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_NUMBER = re.compile(r"[+(]?[0-9][0-9 ().,\-/+]{4,}")


def survey(seen: Seen, wanted: Wanted, own_fields: Mapping[str, str]) -> Table:
    """Raises InvalidField for what is no table, or too wide a one."""
    encoding = wanted.encoding or seen.encoding or encoding_of(seen.strange)
    narrow = Layout(encoding, ",", True, 0).kept_in
    begins = len(_MARK) if seen.head.startswith(_MARK) else 0
    said = _SEPARATOR.match(seen.head, begins)
    delimiter = wanted.delimiter or (said[1].decode() if said else None)
    begins, line = (said.end(), 2) if said else (begins, 1)
    if delimiter is None:
        delimiter = delimiter_of(seen.head[begins : begins + _TRIED].decode(narrow, "replace"))
    reading = Reading(narrow, delimiter, seen.by_lines)
    first, at, after = _first_row(seen, reading, begins, line)
    header = _is_header(first) if wanted.header is None else wanted.header
    begins, line = after if header else at
    rows = _rows(seen, reading, begins, line)
    names = _names(first if header else [], _width(first, rows))
    _require_sound(names, rows, seen)
    columns = [[row[number] if number < len(row) else "" for row in rows] for number in range(len(names))]
    fields = suggestions(names if header else [""] * len(names), columns, own_fields)
    layout = Layout(encoding, delimiter, header, max(len(rows), seen.lines - line + 1), begins, line, seen.by_lines)
    told = zip(names, columns, fields, strict=True)
    return Table(layout, [ImportColumn(name, _samples(values), field) for name, values, field in told])


def encoding_of(strange: bytes) -> str:
    """That of lines which are not UTF-8."""
    script = _likeliest(strange, (*SCRIPTS, *LATIN))
    if script in SCRIPTS and not _is_mixed(strange.decode(script, "replace")):
        return script
    page = max(LATIN, key=lambda page: _likeness(strange, page))
    return page if page.startswith("cp12") else _likeliest(strange, OLD_LATIN) or page


def _likeliest(strange: bytes, encodings: Sequence[str]) -> str | None:
    found = from_bytes(strange, cp_isolation=[*encodings]).best()
    return found.encoding if found else None


def _is_mixed(text: str) -> bool:
    """Letters of another script stand by themselves; in the middle of Latin words it is Latin, misread."""
    mixed = len(_MIXED.findall(text))
    return mixed * 3 > sum(not letter.isascii() for letter in text)


def _likeness(strange: bytes, page: str) -> float:
    """How much of what is not ASCII would be letters."""
    text = [letter for letter in strange.decode(page, "replace") if not letter.isascii()]
    return sum((0.5 if letter in _RARE else 1) for letter in text if letter.isalpha()) / max(1, len(text))


def delimiter_of(text: str) -> str:
    """The one by which most rows have the same number of cells, and the more the better."""
    return max(DELIMITERS, key=lambda delimiter: _regularity(text, delimiter))


def _regularity(text: str, delimiter: str) -> tuple[float, int]:
    lines = islice(io.StringIO(text, newline=""), _LINES)
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0, 0
    width, rows = Counter(widths).most_common(1)[0] if widths else (0, 0)
    return (rows / len(widths), width) if width > 1 else (0, 0)


def _first_row(seen: Seen, reading: Reading, at: int, line: int) -> tuple[list[str], tuple[int, int], tuple[int, int]]:
    """The first one that is not blank, and the places before and after it."""
    while at < len(seen.head):
        stretch = read(seen.head[at:], reading, line, 1, last=seen.is_whole)
        before, at, line = (at, line), at + stretch.taken, stretch.line
        for _, row in stretch.rows:
            if isinstance(row, Unreadable):
                raise InvalidField("/file", "header_unreadable", f"The first row can't be read. {row.fault.reason}")
            if not is_blank(row):
                return list(row), before, (at, line)
        if not stretch.taken:
            break
    raise InvalidField("/file", "not_a_table", "This is not a table: its first row has no end.")


def _rows(seen: Seen, reading: Reading, at: int, line: int) -> list[Sequence[str]]:
    stretch = read(seen.head[at:], reading, line, _ROWS, last=seen.is_whole)
    return [row for _, row in stretch.rows if not isinstance(row, Unreadable) and not is_blank(row)]


def _is_header(first: Sequence[str]) -> bool:
    """Names of columns, and not a person's address or number."""
    return not any(_ADDRESS.fullmatch(cell.strip()) or _NUMBER.fullmatch(cell.strip()) for cell in first)


def _width(first: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Without empty columns at the end, which spreadsheets like to write."""
    return max((number + 1 for row in (first, *rows) for number, cell in enumerate(row) if cell.strip()), default=0)


def _names(header: Sequence[str], width: int) -> list[str]:
    """One for each column, none twice."""
    names: dict[str, None] = {}
    for number in range(width):
        plain = _shown(told_by_cell(header[number].strip()), _LONGEST_NAME) if number < len(header) else ""
        name, again = plain or f"Column {number + 1}", 1
        while name in names:
            again += 1
            name = f"{plain or f'Column {number + 1}'} ({again})"
        names[name] = None
    return list(names)


def _require_sound(names: Sequence[str], rows: Sequence[Sequence[str]], seen: Seen) -> None:
    if len(names) > MOST_COLUMNS:
        message = f"A file may have {MOST_COLUMNS} columns."
        raise InvalidField("/file", "too_many_columns", message, maximum=MOST_COLUMNS)
    if not rows and seen.is_whole:
        raise InvalidField("/file", "no_rows", "There is no row below the names of the columns.")


def _samples(values: Sequence[str]) -> list[str]:
    filled = dict.fromkeys(_shown(value, _LONGEST_SAMPLE) for value in values if value.strip())
    return list(islice(filled, _SAMPLES))


def _shown(text: str, longest: int) -> str:
    """On one line, without what cannot be shown."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text[: 2 * longest]).split())[
        :longest
    ]
