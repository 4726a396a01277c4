"""Records come back as they were written, wherever the file is cut; what is broken costs its own line alone."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.tabular import records
from adapters.tabular.records import LONGEST_RECORD, Reading, Stretch, read
from domain.contacts.imports.preparing import Row, Unreadable

PLAIN = Reading("utf-8", ",")
MANY = 1_000_000
# What PostgreSQL keeps, and no more: PEP 383 makes halves of surrogate pairs out of bytes that are no text.
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
tables = st.lists(st.lists(texts, min_size=1, max_size=4), max_size=12)


def written(table: Sequence[Sequence[str]], delimiter: str, end: str, quoting: int) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(table)  # type: ignore[arg-type]
    return text.getvalue().encode()


def all_rows(
    content: bytes, reading: Reading = PLAIN, window: int = MANY, most: int = MANY, sizes: list[int] | None = None
) -> list[Row]:
    """As an import reads a file: a window at a time, a larger one where a record does not end in it."""
    rows: list[Row] = []
    at, stretch, size = 0, Stretch(1), window
    while at < len(content):
        last = at + size >= len(content)
        if sizes is not None:
            sizes.append(size)
        stretch = read(content[at : at + size], reading, stretch.line, most, last=last, skipping=stretch.skipping)
        rows += stretch.rows
        at += stretch.taken
        size = window if stretch.taken else size * 2
    return rows


def told(rows: Sequence[Row]) -> list[object]:
    return [row.fault.code if isinstance(row, Unreadable) else list(row) for _, row in rows]


@given(
    tables,
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_was_written_is_read(table: list[list[str]], delimiter: str, end: str, quoting: int) -> None:
    if quoting == csv.QUOTE_MINIMAL:
        # Python leaves carriage returns bare where they do not end its lines, which nobody could read back.
        table = [[cell.replace("\r", "").replace("\n", "") for cell in row] for row in table]

    assert told(all_rows(written(table, delimiter, end, quoting), Reading("utf-8", delimiter))) == table


@given(tables, st.integers(1, 40), st.integers(1, 5))
def test_it_does_not_matter_where_a_file_is_cut(table: list[list[str]], window: int, most: int) -> None:
    content = written(table, ";", "\r\n", csv.QUOTE_ALL)
    reading = Reading("utf-8", ";")

    assert all_rows(content, reading, window, most) == all_rows(content, reading)


@given(st.text(alphabet='a",\n\r ', max_size=60), st.integers(1, 20))
def test_whatever_is_wrong_with_quotes_is_found_alike_wherever_a_file_is_cut(text: str, window: int) -> None:
    assert all_rows(text.encode(), window=window) == all_rows(text.encode())


@given(tables)
def test_every_row_has_the_number_of_the_line_that_it_begins_in(table: list[list[str]]) -> None:
    content = written(table, ",", "\n", csv.QUOTE_ALL)
    lines = content.splitlines(keepends=True)

    for line, row in all_rows(content):
        [(_, again)] = all_rows(b"".join(lines[line - 1 :]), most=1)[:1]
        assert again == row


def test_a_quote_that_is_never_closed_costs_its_line_alone() -> None:
    content = b'a,b\n"c,d\ne,f\n"g",h\n'

    assert told(all_rows(content)) == [["a", "b"], "wrong_quotes", ["e", "f"], ["g", "h"]]


def test_a_quote_inside_of_a_cell_costs_its_row_alone() -> None:
    assert told(all_rows(b'"Bob "the man" Smith",x\nAnn,y\n')) == ["wrong_quotes", ["Ann", "y"]]


def test_blank_lines_count_as_lines() -> None:
    assert [line for line, row in all_rows(b"a,b\n\n\nc,d\n") if row] == [1, 4]


def test_rows_of_a_workbook_are_counted_and_not_their_lines() -> None:
    reading = Reading("utf-8", ",", by_lines=False)

    assert all_rows(b'"a\nb",c\nd,e\n', reading) == [(1, ["a\nb", "c"]), (2, ["d", "e"])]


def test_what_is_no_text_in_the_encoding_is_kept_apart() -> None:
    [(_, row)] = all_rows(b"J\xfcrgen,x\n")

    assert row == ["J\udcfcrgen", "x"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_line_without_an_end_is_left_out_and_never_held(end: bytes) -> None:
    content = b"a,b" + end + b"x" * (3 * LONGEST_RECORD) + end + b"c,d" + end

    assert told(all_rows(content, window=LONGEST_RECORD)) == [["a", "b"], "row_too_long", ["c", "d"]]
    assert [line for line, _ in all_rows(content, window=LONGEST_RECORD)] == [1, 2, 3]


def test_the_end_of_a_quote_is_looked_for_in_no_more_than_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LARGEST_WINDOW", 64)
    sizes: list[int] = []
    rows = all_rows(b'"' + b"x,\n" * 100, window=16, sizes=sizes)

    assert told(rows) == ["row_too_long", *[["x", ""]] * 99]
    assert max(sizes) == 64
