"""Cells of CSV files: no formula gets out, and what was written is read."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.cells import safe_cell, told_by_cell

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("'=+-@\t\r\n"))


@pytest.mark.parametrize("text", ["=1+1", "+16175550100", "-2", "@SUM(A1)", "\t=1", "\r=1", "'=1"])
def test_what_begins_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Fabrikam", "O'Brien", "'quoted'", "a=b", "1-2"])
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


@given(TEXTS)
def test_no_text_begins_a_formula_and_each_is_told_again(text: str) -> None:
    cell = safe_cell(text)

    assert cell[:1] not in tuple("=+-@\t\r\n")
    assert told_by_cell(cell) == text


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=4), max_size=4))
def test_a_file_comes_back_as_it_was(rows: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([safe_cell(text) for text in row] for row in rows)

    read = [[told_by_cell(cell) for cell in row] for row in csv.reader(io.StringIO(file.getvalue(), newline=""))]

    assert [row or [""] for row in read] == rows
