"""A row becomes what a contact added by hand would be, or a fault that names its column."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contacts.imports.preparing import TEXTS, Plan, Preparing
from domain.contacts.model import NewContact
from domain.contacts.normalisation import normalised
from domain.shared.cells import safe_cell
from domain.shared.errors import Rejected

STATUS, OWNER = str(uuid4()), str(uuid4())
COLUMNS = {"First": "first_name", "Last": "last_name", "Mail": "email", "Phone": "business_phone", "City": "city"}


def a_plan(mapping: dict[str, str] | None = None, **more: Any) -> Plan:
    mapping = mapping or COLUMNS
    return Plan(list(mapping), mapping, **{"default_country": "US", **more})


def read(cells: Sequence[str], mapping: dict[str, str] | None = None, **more: Any) -> tuple[dict[str, str], list[str]]:
    values, faults = Preparing(a_plan(mapping, **more)).values(cells)
    return values, [fault.code for fault in faults]


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
