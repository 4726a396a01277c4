"""Civil times and instants, where clocks jump."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.civil_time import to_instant, to_wall, transitions, zone_names

BERLIN = ZoneInfo("Europe/Berlin")
zones = st.sampled_from(sorted(zone_names())).map(ZoneInfo)
walls = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31))  # noqa: DTZ001


def wall(*civil: int) -> datetime:
    return datetime(*civil)  # type: ignore[arg-type, misc]  # noqa: DTZ001


def test_a_time_in_a_gap_is_the_first_instant_after_it() -> None:
    assert to_instant(wall(2027, 3, 28, 2, 30), BERLIN) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_a_time_in_a_fold_is_its_first_pass() -> None:
    assert to_instant(wall(2026, 10, 25, 2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_second_pass_of_a_fold_counts_as_the_end_of_the_first() -> None:
    assert to_wall(datetime(2026, 10, 25, 1, 10, tzinfo=UTC), BERLIN) == wall(2026, 10, 25, 3, 0)


def test_a_jump_is_found_to_the_second() -> None:
    found = transitions(BERLIN, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert found == [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]


@given(where=zones, first=walls, later=st.timedeltas(timedelta(), timedelta(days=2)))
def test_a_later_civil_time_is_never_an_earlier_instant(where: ZoneInfo, first: datetime, later: timedelta) -> None:
    assert to_instant(first, where) <= to_instant(first + later, where)


@given(where=zones, first=walls, later=st.timedeltas(timedelta(), timedelta(days=2)))
def test_a_later_instant_is_never_an_earlier_civil_time(where: ZoneInfo, first: datetime, later: timedelta) -> None:
    instant = first.replace(tzinfo=UTC)
    assert to_wall(instant, where) <= to_wall(instant + later, where)


@given(where=zones, civil=walls)
def test_there_and_back_is_the_same_unless_the_clock_skipped_it(where: ZoneInfo, civil: datetime) -> None:
    back = to_wall(to_instant(civil, where), where)
    assert back == civil or (
        back > civil and transitions(where, to_instant(civil, where) - timedelta(seconds=1), to_instant(civil, where))
    )
