"""Values of own fields: kept in one form whoever writes them how, and found again by it."""

import json
import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contacts.own_values import (
    LARGEST_NUMBER,
    FieldKind,
    FieldShape,
    checked_values,
    kept_value,
    merged_values,
    sought_key,
    told,
    value_key,
)
from domain.shared.errors import InvalidField

CHOICE = FieldShape(FieldKind.CHOICE, ("Gold", "Silber", "Übrig"))
SHAPES = {
    "text": FieldShape(FieldKind.TEXT),
    "number": FieldShape(FieldKind.NUMBER),
    "date": FieldShape(FieldKind.DATE),
    "choice": CHOICE,
    "url": FieldShape(FieldKind.URL),
    "checkbox": FieldShape(FieldKind.CHECKBOX),
}


def kept(kind: str, written: object) -> object:
    return kept_value(SHAPES[kind], written, "/custom/it")


def refused(kind: str, written: object) -> str:
    with pytest.raises(InvalidField) as error:
        kept(kind, written)
    [fault] = error.value.errors
    assert fault.pointer == "/custom/it"
    return fault.code


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("text", "  Likes tea ", "Likes tea"),
        ("number", 12, 12),
        ("number", 12.0, 12),
        ("number", "12.50", 12.5),
        ("number", "12,5", 12.5),
        ("number", "1.234,50", 1234.5),
        ("number", "1,234.50", 1234.5),
        ("number", "-0", 0),
        ("number", "1e3", 1000),
        ("date", "2026-02-28", "2026-02-28"),
        ("date", "28.2.2026", "2026-02-28"),
        ("date", "2026-02-28 00:00:00", "2026-02-28"),
        ("choice", "gold", "Gold"),
        ("choice", "UBRIG", "Übrig"),
        ("url", "example.com/a?b=c", "https://example.com/a?b=c"),
        ("url", "http://example.com", "http://example.com"),
        ("checkbox", True, True),
        ("checkbox", "Ja", True),
        ("checkbox", "no", False),
    ],
)
def test_values_are_kept_in_one_form(kind: str, written: object, value: object) -> None:
    assert kept(kind, written) == value
    assert type(kept(kind, written)) is type(value)


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_nothing_is_nothing(kind: str, nothing: str | None) -> None:
    assert kept(kind, nothing) is None


@pytest.mark.parametrize(
    ("kind", "written", "code"),
    [
        ("text", 5, "not_a_text"),
        ("text", "x" * 1_001, "too_long"),
        ("text", "a\0b", "invalid_characters"),
        ("text", "\ud800", "invalid_characters"),
        ("number", "twelve", "not_a_number"),
        ("number", "1,234", "not_a_number"),
        ("number", "٣", "not_a_number"),
        ("number", True, "not_a_number"),
        ("number", math.nan, "not_a_number"),
        ("number", "1e999", "not_a_number"),
        ("number", "9" * 5_000, "not_a_number"),
        ("number", 10**16, "out_of_range"),
        ("date", "2026-02-30", "not_a_date"),
        ("date", "2/3/2026", "not_a_date"),
        ("date", "20260228", "not_a_date"),
        ("date", 20260228, "not_a_date"),
        ("choice", "Bronze", "unknown_choice"),
        ("choice", 1, "unknown_choice"),
        ("url", "javascript:alert(1)", "not_a_url"),
        ("url", "ftp://example.com", "not_a_url"),
        ("url", "https://user@example.com", "not_a_url"),
        ("url", "localhost", "not_a_url"),
        ("url", "https://exa mple.com", "not_a_url"),
        ("url", "https://[::1", "not_a_url"),
        ("url", "https://example.com:99999", "not_a_url"),
        ("url", 7, "not_a_url"),
        ("checkbox", "maybe", "not_yes_or_no"),
        ("checkbox", 1, "not_yes_or_no"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_place(kind: str, written: object, code: str) -> None:
    assert refused(kind, written) == code


def test_every_fault_is_told_at_once_and_a_key_with_a_slash_is_escaped() -> None:
    checked = checked_values(SHAPES, {"number": "x", "a/b": 1, "text": "fine", "date": None})

    assert checked.kept == {"text": "fine", "date": None}
    assert [(fault.pointer, fault.code) for fault in checked.faults] == [
        ("/custom/number", "not_a_number"),
        ("/custom/a~1b", "unknown_field"),
    ]


def test_a_merge_patch_clears_what_is_null_and_leaves_the_rest() -> None:
    assert merged_values({"a": "x", "b": 1}, {"a": None, "c": False}) == {"b": 1, "c": False}


anything = st.one_of(st.text(max_size=80), st.integers(), st.floats(), st.booleans(), st.none(), st.dates().map(str))


@given(st.sampled_from(sorted(SHAPES)), anything)
def test_whatever_is_kept_is_the_same_when_it_is_kept_again_from_json_and_from_a_file(kind: str, written: Any) -> None:
    try:
        value = kept(kind, written)
    except InvalidField:
        return
    if value is None:
        return
    assert kept(kind, value) == value
    assert kept(kind, json.loads(json.dumps(value))) == value
    assert kept(kind, told(value)) == value  # type: ignore[arg-type]


@given(st.sampled_from(sorted(SHAPES)), anything)
def test_whatever_is_kept_is_found_by_what_files_and_addresses_say(kind: str, written: Any) -> None:
    try:
        value = kept(kind, written)
    except InvalidField:
        return
    if value is None:
        return
    assert sought_key(SHAPES[kind], told(value)) == value_key(value)  # type: ignore[arg-type]


@given(st.integers(-LARGEST_NUMBER, LARGEST_NUMBER))
def test_whole_numbers_are_found_however_they_are_written(number: int) -> None:
    assert sought_key(SHAPES["number"], f"{number}.0") == sought_key(SHAPES["number"], str(number)) == str(number)


@given(st.dates())
def test_dates_are_found_however_they_are_written(day: date) -> None:
    written = f"{day.day}.{day.month}.{day.year:04}"
    assert sought_key(SHAPES["date"], written) == day.isoformat()


def test_words_are_found_without_accents_and_case_and_what_is_no_value_is_looked_for_all_the_same() -> None:
    assert sought_key(SHAPES["text"], " SÜD ") == value_key("Süd")
    assert sought_key(CHOICE, "Bronze") == "bronze"
