"""Lines without an end are read with next to nothing held, however long they are."""

import tracemalloc
from collections.abc import Callable

import pytest

from adapters.tabular.glances import CsvGlance
from adapters.tabular.records import Reading, read
from domain.contacts.imports.model import MOST_BYTES
from domain.contacts.imports.preparing import Unreadable
from domain.contacts.imports.tables import LARGEST_WINDOW
from domain.shared.errors import InvalidField
from domain.shared.files import PIECE

GIBIBYTE = 1024**3
MEBIBYTE = 1024**2
LINE = b"x" * PIECE
QUOTED = b'"' + b"x" * (PIECE - 1)
STRANGE = b"\xe4" * PIECE


def memory_of(act: Callable[[], None]) -> int:
    """At most held at once."""
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("piece", [LINE, QUOTED, STRANGE], ids=["plain", "quotes", "no UTF-8"])
def test_a_line_of_a_gigabyte_is_refused_on_its_way(piece: bytes) -> None:
    glance, came = CsvGlance(), 0

    def see() -> None:
        nonlocal came
        glance.see(b"Last name,Email\nLee,ann@x.example\n")
        with pytest.raises(InvalidField) as refusal:
            while came < GIBIBYTE:
                came += len(piece)
                glance.see(piece)
        assert [error.code for error in refusal.value.errors] == ["file_too_large"]

    held = memory_of(see)
    assert came <= MOST_BYTES + PIECE
    assert held < 8 * MEBIBYTE


def test_a_line_as_long_as_a_file_may_be_costs_its_row_and_no_memory() -> None:
    """As it is read: a window of the file after the other."""
    window = b"x" * LARGEST_WINDOW
    reading, rows, line, skipping = Reading("utf-8", ","), [], 2, False

    def read_all() -> None:
        nonlocal line, skipping
        for _ in range(MOST_BYTES // LARGEST_WINDOW):
            stretch = read(window, reading, line, 10_000, last=False, skipping=skipping)
            assert stretch.taken > 0
            line, skipping = stretch.line, stretch.skipping
            rows.extend(stretch.rows)
        end = read(b"x\nLee,ann@x.example\n", reading, line, 10_000, last=True, skipping=skipping)
        rows.extend(end.rows)

    held = memory_of(read_all)
    [(first, lost), (second, ann)] = rows
    assert isinstance(lost, Unreadable)
    assert (first, lost.fault.code) == (2, "row_too_long")
    assert (second, ann) == (3, ["Lee", "ann@x.example"])
    assert held < 6 * LARGEST_WINDOW
