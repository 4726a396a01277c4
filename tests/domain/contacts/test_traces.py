"""By what a person is found in rows and files that are not filed under their contact."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.contacts.model import Contact, ContactStatusId
from domain.contacts.traces import mentions, traces_of
from domain.shared.ids import ContactId

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def a_person(**more: Any) -> Contact:
    plain = {"first_name": "Jürgen", "last_name": "Müller", "email": "J.Mueller@Prospect.example"}
    status = ContactStatusId(UUID(int=1))
    values = {**plain, "business_phone": "+491711234567", **more}
    return Contact(ContactId(UUID(int=2)), status_id=status, status="New", created_at=NOW, updated_at=NOW,
                   last_activity_at=NOW, **values)  # fmt: skip


TRACES = traces_of([a_person()])


@pytest.mark.parametrize(
    "cells",
    [
        ["", " j.mueller@PROSPECT.example "],
        ["see j.mueller@prospect.example"],
        ["0171 / 123 45 67"],
        ["MÜLLER", "x", "jürgen"],
        ["Müller, Jürgen"],
        ["Jürgen Müller"],
    ],
)
def test_a_row_about_the_person_is_found(cells: list[str]) -> None:
    assert TRACES.are_in(cells)
    assert mentions(f"a,b\r\n{','.join(cells)}\r\nc,d\r\n".encode(), TRACES)


@pytest.mark.parametrize(
    "cells", [["Müller"], ["Jürgen"], ["Müller", "Hans"], ["1234"], ["mueller@prospect.example"], []]
)
def test_a_row_about_somebody_else_is_not(cells: list[str]) -> None:
    assert not TRACES.are_in(cells)
    assert not mentions(f"a,b\n{','.join(cells)}\nc,d\n".encode(), TRACES)


def test_former_records_count_as_well() -> None:
    both = traces_of([a_person(), a_person(email="old@prospect.example")])
    assert both.are_in(["old@prospect.example"])


@pytest.mark.parametrize(
    ("q", "shown"), [("müll", True), ("mull jur", True), ("0171 1234567", True), ("hans", False), ("", False)]
)
def test_who_searched_for_it_was_shown_the_person(q: str, shown: bool) -> None:
    assert TRACES.answer_to(q) is shown


@pytest.mark.parametrize(
    ("q", "left"),
    [
        ("Jürgen Müller", "gone"),
        ("muller,  JURGEN Berlin", "Berlin gone"),
        ("Mu\u0308ller from Berlin (Jürgen)", "from Berlin gone"),
        ("+49 171 123 45 67", "gone"),
        ("Berlin 0171/1234567", "Berlin gone"),
        ("Jürgen Müller 01711234567", "gone"),
    ],
)
def test_a_search_loses_the_whole_name_and_the_phones(q: str, left: str) -> None:
    assert TRACES.silenced(q, "gone") == left


@pytest.mark.parametrize("q", ["Müller", "jürgen  berlin", "Müllers Jürgen", "0171 7654321", "1234567", ""])
def test_a_search_that_names_nobody_stays_as_it_is(q: str) -> None:
    assert TRACES.silenced(q, "gone") == q


def test_a_name_of_one_word_stays_in_searches_and_one_with_an_apostrophe_goes() -> None:
    assert traces_of([a_person(first_name=None, last_name="Sales")]).silenced("Sales Berlin", "gone") == "Sales Berlin"
    obrien = traces_of([a_person(first_name="Conan", last_name="O’Brien")])
    assert obrien.silenced("conan obrien", "gone") == obrien.silenced("Conan O'Brien", "gone") == "gone"
