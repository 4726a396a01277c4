"""Rows become what the store takes: each person once, with all that they are found by."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contacts.beginnings import beginnings_of
from domain.contacts.imports import batching
from domain.contacts.imports.batching import BETWEEN, LOOKED_THROUGH, NOTHING, Batch, Prepared
from domain.contacts.imports.preparing import Fault, Plan, Row, Unreadable
from domain.contacts.search_terms import terms_of_fields
from domain.shared.errors import FieldError

COLUMNS = {"First": "first_name", "Last": "last_name", "Mail": "email", "Phone": "business_phone"}
PLAN = Plan(list(COLUMNS), COLUMNS, "US")
LINES = st.lists(st.sampled_from(["Lee,ann@x.example", "Ray,", "Lee,nonsense", "Oak,bob@x.example", ","]), max_size=9)


def prepared(*rows: Sequence[str] | Unreadable) -> list[Prepared]:
    """In the order of the file."""
    numbered: list[Row] = [(number, row) for number, row in enumerate(rows, 2)]
    return sorted(Batch(PLAN).prepared(numbered), key=lambda row: row.line)


def codes(*rows: Sequence[str]) -> list[str | None]:
    return [row.code or None for row in prepared(*rows)]


def test_what_a_row_can_say_stands_in_the_order_of_what_is_prepared() -> None:
    first = Prepared._fields.index("cells") + 1

    assert Prepared._fields[first : first + len(NOTHING)] == tuple(NOTHING)


def test_all_faults_of_a_row_are_told() -> None:
    [row] = prepared(["", "Lee", "nonsense", "12"])

    assert row.reason == (
        "Mail: Give an email address, like ann@example.com. "
        "Phone: Give a phone number with its country code, like +1 202 555 0123."
    )
    assert row.cells.split(BETWEEN) == ["", "Lee", "nonsense", "12"]


def test_blank_rows_are_no_rows() -> None:
    assert prepared(["", " ", ""], [], ["", ""]) == []


def test_a_line_that_cannot_be_read_is_a_row_that_failed() -> None:
    [row] = prepared(Unreadable(Fault(FieldError("", "wrong_quotes", "The quotes are not in order.")), 'a,"b"c'))

    assert (row.code, row.skipped, row.cells) == ("wrong_quotes", False, 'a,"b"c')
    assert row.reason == "The quotes are not in order."


def test_a_person_who_comes_twice_is_left_out_the_second_time() -> None:
    rows = prepared(["Ann", "Lee", "ann@x.example"], ["Bob", "Ray", "bob@x.example"], ["A.", "Lee", "ANN@X.example"])

    assert [(row.code, row.skipped) for row in rows] == [("", False), ("", False), ("twice", True)]
    assert rows[2].reason == "The same person comes in line 2 already."


def test_without_an_address_name_and_phone_tell_who_it_is() -> None:
    with_address, without = ["Ann", "Lee", "ann@x.example", "617 500 4900"], ["ANN", "Lee", "", "(617) 500-4900"]

    assert codes(without, without) == [None, "twice"]
    assert codes(with_address, without) == [None, "twice"]
    assert codes(without, with_address) == [None, "twice"]


def test_two_addresses_are_two_people_even_with_one_phone_and_name() -> None:
    one, other = ["Ann", "Lee", "a@x.example", "617 500 4900"], ["Ann", "Lee", "b@x.example", "617 500 4900"]

    assert codes(one, other) == [None, None]


def test_who_shares_a_phone_under_another_name_is_somebody_else() -> None:
    assert codes(["Ann", "Lee", "", "617 500 4900"], ["Bob", "Lee", "", "617 500 4900"]) == [None, None]


def test_a_row_that_failed_is_nobody_who_came_before() -> None:
    assert codes(["Ann", "Lee", "ann@x.example", "12"], ["Ann", "Lee", "ann@x.example"]) == ["invalid_phone", None]


def test_a_row_that_was_left_out_is_nobody_who_came_before() -> None:
    first, second = ["A", "B", "", "617 500 4900"], ["A", "B", "b@x.example", "617 500 4900"]

    assert codes(first, second, ["C", "D", "b@x.example"]) == [None, "twice", None]


def test_rows_come_in_the_order_of_the_file() -> None:
    rows: list[Row] = [(2, ["", "Z", "z@x.example"]), (3, ["", "A", "a@x.example"]), (4, ["", "N"])]

    assert [row.line for row in Batch(PLAN).prepared(rows)] == [2, 3, 4]


def test_more_than_anybody_looks_through_come_in_the_order_of_their_addresses() -> None:
    rows: list[Row] = [(line, ["", "Lee", f"{line * 7919 % 10_007}@x.example"]) for line in range(LOOKED_THROUGH + 1)]
    addresses = [row.email_key for row in Batch(PLAN).prepared(rows)]

    assert len(addresses) == LOOKED_THROUGH + 1
    assert addresses == sorted(addresses)


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_what_is_told_back_can_be_kept_and_taken_apart(cells: list[str]) -> None:
    for row in prepared(["", "Lee", "nonsense", *cells]):
        told = row.cells.split(BETWEEN)
        assert told[:3] == ["", "Lee", "nonsense"]
        assert len(told) == 3 + len(cells)
        assert "\0" not in row.cells
        row.cells.encode()


@given(st.text(max_size=30), st.text(max_size=30))
def test_keys_and_terms_are_those_of_a_contact(first: str, last: str) -> None:
    for row in prepared([first, last, "ann@x.example", "617 500 4900"]):
        if not row.code:
            expected = terms_of_fields((row.first_name, row.last_name, None), row.email, [row.business_phone])
            assert set(row.terms.split(" ")) == expected
            assert (int(row.beginnings_low), int(row.beginnings_high)) == beginnings_of(expected)


@given(LINES, st.integers(1, 4))
def test_in_whatever_portions_rows_are_read_they_become_the_same(lines: list[str], at_once: int) -> None:
    rows: list[Row] = [(number, ["", *line.split(",")]) for number, line in enumerate(lines, 2)]
    expected = Batch(PLAN).prepared(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batching, "AT_ONCE", at_once)
        assert Batch(PLAN).prepared(rows) == expected
