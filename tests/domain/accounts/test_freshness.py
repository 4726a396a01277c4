"""How recently it has to have been shown who sits at a session."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.accounts.freshness import is_fresh

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(minutes=9, seconds=59), timedelta(minutes=10)])
def test_ten_minutes_are_recent(ago: timedelta) -> None:
    assert is_fresh(NOW - ago, NOW)


def test_more_than_ten_minutes_are_not() -> None:
    assert not is_fresh(NOW - timedelta(minutes=10, microseconds=1), NOW)


def test_a_clock_that_is_a_little_ahead_does_no_harm() -> None:
    assert is_fresh(NOW + timedelta(seconds=2), NOW)
