"""Identifiers: in the order of their making, and never the same."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from adapters.ids import RandomIds, first_at, made_at

MILLISECONDS = st.integers(0, 2**42)


def test_what_is_made_together_is_in_order() -> None:
    made = RandomIds().many(5_000)
    assert list(made) == sorted(set(made))


def test_as_text_they_are_the_same() -> None:
    made = RandomIds().texts(5_000)
    assert list(made) == sorted(set(made))
    assert {(UUID(one).hex == one, UUID(one).version, UUID(one).variant) for one in made} == {(True, 7, RFC_4122)}


def test_what_is_made_later_comes_behind() -> None:
    ids = RandomIds()
    first = ids.new()
    while (later := ids.new()).bytes[:6] == first.bytes[:6]:
        continue
    assert later > first


@given(MILLISECONDS)
def test_an_identifier_tells_when_it_was_made(milliseconds: int) -> None:
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)
    made = made_at(moment)
    assert (made.version, made.variant) == (7, RFC_4122)
    assert abs(int.from_bytes(made.bytes[:6], "big") - milliseconds) <= 1


@given(MILLISECONDS)
def test_the_first_identifier_of_a_time_parts_those_made_before_from_the_others(milliseconds: int) -> None:
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)
    before = moment - timedelta(milliseconds=2)
    assert made_at(before) < first_at(moment) <= made_at(moment) or milliseconds < 2


def test_out_of_all_times_the_first_identifier_is_the_nearest() -> None:
    assert first_at(datetime(1, 1, 1, tzinfo=UTC)) == UUID(int=0)
    assert first_at(datetime(9999, 12, 31, tzinfo=UTC)) > made_at(datetime(2500, 1, 1, tzinfo=UTC))
