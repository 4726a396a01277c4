"""Cursors come back as they went out, and nothing else passes for one."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.postgres.paging import read_cursor, write_cursor
from domain.shared.errors import InvalidCursor

instants = st.datetimes(timezones=st.just(UTC))


@given(instants, st.uuids())
def test_a_cursor_comes_back_as_it_went_out(at: datetime, key: UUID) -> None:
    assert read_cursor("contacts", write_cursor("contacts", (at, key)), (datetime, UUID)) == [at, key]


@given(st.text().filter(lambda text: "\0" not in text), st.uuids())
def test_any_sort_key_survives(name: str, key: UUID) -> None:
    assert read_cursor("by_name", write_cursor("by_name", (name, key)), (str, UUID)) == [name, key]


@given(st.text())
def test_no_text_is_taken_for_a_cursor(text: str) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor("contacts", text, (datetime, UUID))


def test_a_cursor_of_another_list_is_refused(  # it would start somewhere arbitrary
) -> None:
    cursor = write_cursor("contacts:name", ("a", UUID(int=1)))
    with pytest.raises(InvalidCursor):
        read_cursor("contacts:email", cursor, (str, UUID))


def test_a_cursor_cannot_smuggle_nul_bytes() -> None:
    with pytest.raises(InvalidCursor):
        read_cursor("x", write_cursor("x", ("a\0b",)), (str,))
