"""A row becomes what a contact added by hand would be, or a fault that names its column."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contacts.beginnings import beginnings_of
from domain.contacts.imports.preparing import BETWEEN, TEXTS, Batch, Fault, Plan, Prepared, Preparing, Row, Unreadable
from domain.contacts.model import NewContact
from domain.contacts.normalisation import normalised
from domain.contacts.search_terms import terms_of_fields
from domain.shared.cells import safe_cell
from domain.shared.errors import FieldError, Rejected
from domain.shared.ids import Ids

STATUS, OWNER = str(uuid4()), str(uuid4())
COLUMNS = {"First": "first_name", "Last": "last_name", "Mail": "email", "Phone": "business_phone", "City": "city"}


class Counted:
    """Identifiers that tell their order."""

    def new(self) -> Any:
        return uuid4()

    def many(self, count: int) -> Sequence[Any]:
        return [uuid4() for _ in range(count)]


IDS: Ids = Counted()


def a_plan(mapping: dict[str, str] | None = None, **more: Any) -> Plan:
    mapping = mapping or COLUMNS
    return Plan(list(mapping), mapping, **{"default_country": "US", **more})


def read(cells: Sequence[str], mapping: dict[str, str] | None = None, **more: Any) -> tuple[dict[str, str], list[str]]:
    values, faults = Preparing(a_plan(mapping, **more)).values(cells)
    return values, [fault.code for fault in faults]


def prepared(*rows: Sequence[str] | Unreadable, mapping: dict[str, str] | None = None) -> list[Prepared]:
    """In the order of the file."""
    numbered: list[Row] = [(number, row) for number, row in enumerate(rows, 2)]
    return sorted(Batch(a_plan(mapping), IDS).prepared(numbered), key=lambda row: row.line)


def codes(*rows: Sequence[str]) -> list[str | None]:
    return [row.code for row in prepared(*rows)]


def test_cells_are_kept_as_fields_are() -> None:
    assert read([" Ann ", "Lee", "Ann@X.example", "(617) 500-4900", "Boston "]) == (
        {
            "first_name": "Ann",
            "last_name": "Lee",
            "email": "Ann@x.example",
            "business_phone": "+16175004900",
            "city": "Boston",
        },
        [],
    )


def test_missing_and_empty_cells_say_nothing() -> None:
    assert read(["", "Lee", " "]) == ({"last_name": "Lee"}, [])


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        (["", "Lee", "not-an-address"], "invalid_email", "Mail"),
        (["", "Lee", "", "12"], "invalid_phone", "Phone"),
        (["", "Lee", "", "617 500 4900 ext. 5"], "phone_extension", "Phone"),
        (["x" * 121, "Lee"], "too_long", "First"),
        (["A\0n", "Lee"], "invalid_characters", "First"),
        (["J\udcfcrgen", "Lee"], "invalid_characters", "First"),
        (["Ann", "Lee", "", "", "", "more"], "too_many_cells", None),
    ],
)
def test_a_fault_names_its_column(cells: list[str], code: str, column: str | None) -> None:
    _, faults = Preparing(a_plan()).values(cells)

    assert [(fault.code, fault.column) for fault in faults] == [(code, column)]


def test_all_faults_of_a_row_are_told() -> None:
    [row] = prepared(["", "Lee", "nonsense", "12"])

    assert row.reason == (
        "Mail: Give an email address, like ann@example.com. "
        "Phone: Give a phone number with its country code, like +1 202 555 0123."
    )
    assert row.cells.split(BETWEEN) == ["", "Lee", "nonsense", "12"]


def test_phones_are_read_as_of_the_country_of_the_row() -> None:
    mapping = {"Last": "last_name", "Phone": "mobile_phone", "Country": "country"}

    assert read(["Lee", "0171 1234567", "DE"], mapping)[0]["mobile_phone"] == "+491711234567"


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Ann Lee", "Ann", "Lee"),
        ("Lee, Ann", "Ann", "Lee"),
        ("Lee", None, "Lee"),
        ("Ann Mary van Lee", "Ann Mary van", "Lee"),
    ],
)
def test_a_whole_name_is_parted(name: str, first: str | None, last: str) -> None:
    values, _ = read([name], {"Name": "name"})

    assert (values.get("first_name"), values["last_name"]) == (first, last)


def test_statuses_and_owners_are_known_by_their_names() -> None:
    mapping = {"Last": "last_name", "Status": "status", "Owner": "owner"}
    known = {"statuses": {"in work": STATUS}, "owners": {"rob@x.example": OWNER}}

    assert read(["Lee", "In Work", "ROB@x.example"], mapping, **known)[0] == {
        "last_name": "Lee",
        "status_id": STATUS,
        "owner_id": OWNER,
    }
    assert read(["Lee", "Gone", "nobody"], mapping, **known)[1] == ["unknown_status", "unknown_user"]


def test_blank_rows_are_no_rows() -> None:
    assert prepared(["", " ", ""], [], ["", ""]) == []


def test_a_line_that_cannot_be_read_is_a_row_that_failed() -> None:
    [row] = prepared(Unreadable(Fault(FieldError("", "wrong_quotes", "The quotes are not in order.")), 'a,"b"c'))

    assert (row.code, row.skipped, row.cells) == ("wrong_quotes", False, 'a,"b"c')
    assert row.reason == "The quotes are not in order."


def test_a_person_who_comes_twice_is_left_out_the_second_time() -> None:
    rows = prepared(["Ann", "Lee", "ann@x.example"], ["Bob", "Ray", "bob@x.example"], ["A.", "Lee", "ANN@X.example"])

    assert [(row.code, row.skipped) for row in rows] == [(None, False), (None, False), ("twice", True)]
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
    rows = [(2, ["", "Z", "z@x.example"]), (3, ["", "A", "a@x.example"]), (4, ["", "N"])]

    assert [row.line for row in Batch(a_plan(), IDS).prepared(rows)] == [2, 3, 4]


fields = st.text(max_size=30)


addresses = st.sampled_from(["", "ann@x.example", "A.b@X.example", "nonsense"])
phones = st.sampled_from(["", "+1 617 500 4900", "0171 1234567", "12"])


@given(st.lists(fields, min_size=4, max_size=4), addresses, phones)
def test_a_row_is_kept_as_if_it_was_added_by_hand(texts: list[str], email: str, phone: str) -> None:
    names = ("first_name", "last_name", "company", "city", "email", "mobile_phone")
    typed = dict(zip(names, [*texts, email, phone], strict=True))
    cells = [safe_cell(text.strip()) for text in typed.values()]
    values, faults = Preparing(Plan(names, {name: name for name in names}, "DE")).values(cells)

    assert ({f"/{fault.column}": fault.code for fault in faults} or values) == by_hand(typed)


def by_hand(typed: dict[str, str]) -> dict[str, str]:
    """What is kept, or what is wrong, of a contact that somebody types. A row may lack the last name."""
    try:
        kept = normalised(NewContact(**{**typed, "last_name": typed["last_name"].strip() or "Lee"}), "DE")
    except Rejected as refused:
        return {error.pointer: error.code for error in refused.errors}
    values = {name: value for name in TEXTS if (value := getattr(kept, name)) is not None}
    return values if typed["last_name"].strip() else {name: values[name] for name in values if name != "last_name"}


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_what_is_told_back_can_be_kept_and_taken_apart(cells: list[str]) -> None:
    for row in prepared(["", "Lee", "nonsense", *cells]):
        told = row.cells.split(BETWEEN)
        assert told[:3] == ["", "Lee", "nonsense"]
        assert len(told) == 3 + len(cells)
        assert "\0" not in row.cells
        row.cells.encode()


@given(fields, fields)
def test_keys_and_terms_are_those_of_a_contact(first: str, last: str) -> None:
    for row in prepared([first, last, "ann@x.example", "617 500 4900"]):
        if row.code is None:
            expected = terms_of_fields((row.first_name, row.last_name, None), row.email, [row.business_phone])
            assert set((row.terms or "").split(" ")) == expected
            assert (int(row.beginnings_low or 0), int(row.beginnings_high or 0)) == beginnings_of(expected)
