"""Days away: nothing opens in them, and they end when they are over."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.preferences import Away
from domain.accounts.working_hours import WEEKDAYS, Window, WorkingHours
from domain.accounts.working_hours_document import MAXIMUM_AWAY, from_document, to_document
from domain.salesflows.delays import Delay, DelayUnit
from domain.salesflows.schedule import due_at
from domain.shared.errors import Rejected

YEARS = (2026, 2027)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "America/St_Johns")
START = date(2026, 11, 25)
DAY = timedelta(days=1)

zones = st.sampled_from(ZONES)
instants = st.datetimes(datetime(2026, 11, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
windows = st.sampled_from(
    [
        (Window(0, 1440),),
        (Window(480, 1080),),
        (Window(0, 60), Window(1380, 1440)),
        (Window(540, 720), Window(780, 1020)),
    ]
)


@st.composite
def absences(draw: st.DrawFn) -> tuple[Away, ...]:
    """In order, none touching another."""
    found, day = [], START
    for _ in range(draw(st.integers(0, 5))):
        first = day + DAY * draw(st.integers(0, 40))
        last = first + DAY * draw(st.integers(0, 30))
        found.append(Away(first, last))
        day = last + DAY
    return tuple(found)


@given(zones, windows, absences(), instants)
def test_what_opens_is_never_in_a_day_away_and_nothing_open_is_missed(
    zone: str, windows: tuple[Window, ...], away: tuple[Away, ...], instant: datetime
) -> None:
    present = WorkingHours(zone, dict.fromkeys(WEEKDAYS, windows))
    hours = WorkingHours(zone, dict.fromkeys(WEEKDAYS, windows), away=away)
    opened = hours.next_open(instant)
    assert opened is not None
    assert opened >= instant
    assert not is_away(hours, opened)
    # Step by step through what would be open without the absences: all of it before `opened` is in a day away.
    at = present.next_open(instant)
    while at is not None and at < opened:
        assert is_away(hours, at)
        at = present.next_open(at + timedelta(hours=1))
    assert present.is_open(opened)


@given(zones, absences(), instants)
def test_an_open_instant_is_one_that_is_open_without_absences_on_another_day(
    zone: str, away: tuple[Away, ...], instant: datetime
) -> None:
    without, hours = WorkingHours(zone), WorkingHours(zone, away=away)
    assert hours.is_open(instant) == (without.is_open(instant) and not is_away(hours, instant))


@given(zones, absences(), instants, st.sampled_from(DelayUnit), st.integers(0, 10))
def test_no_step_is_planned_into_an_absence(
    zone: str, away: tuple[Away, ...], instant: datetime, unit: DelayUnit, amount: int
) -> None:
    hours = WorkingHours(zone, away=away)
    due = due_at(instant, Delay(amount, unit), hours)
    assert due is not None
    assert due >= instant
    assert hours.is_open(due)


@given(absences())
def test_writing_what_was_shown_changes_nothing(away: tuple[Away, ...]) -> None:
    hours = WorkingHours("UTC", away=away)
    assert from_document(to_document(hours, YEARS), hours, YEARS) == hours


def is_away(hours: WorkingHours, instant: datetime) -> bool:
    day = instant.astimezone(ZoneInfo(hours.time_zone)).date()
    return any(away.covers(day) for away in hours.away)


def test_both_ends_are_included_in_the_users_own_time_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    around_the_clock = dict.fromkeys(WEEKDAYS, (Window(0, 1440),))
    hours = WorkingHours("Europe/Berlin", around_the_clock, away=(Away(date(2026, 12, 1), date(2026, 12, 3)),))
    assert hours.is_open(datetime(2026, 11, 30, 23, 59, tzinfo=berlin))
    opened = hours.next_open(datetime(2026, 12, 1, tzinfo=berlin))
    assert opened == datetime.combine(date(2026, 12, 4), time(), berlin)


def test_an_absence_of_more_than_a_year_never_opens_in_time() -> None:
    hours = WorkingHours("UTC", away=(Away(date(2026, 1, 1), date(2030, 1, 1)),))
    assert hours.next_open(datetime(2026, 11, 25, tzinfo=UTC)) is None


def test_an_absence_that_is_left_out_of_the_list_is_over() -> None:
    hours = WorkingHours("UTC", away=(Away(START, START),))
    assert from_document({"away": []}, hours, YEARS).away == ()
    assert from_document({"country": "DE"}, hours, YEARS).away == hours.away


@pytest.mark.parametrize(
    ("away", "pointer", "code"),
    [
        ([{"from": "2026-12-02", "to": "2026-12-01"}], "/away/0/to", "reversed_dates"),
        ([{"from": "2026-12-02", "to": "2026-12-02"}, {"from": "2026-12-02", "to": "2026-12-09"}], "/away/1", None),
        ([{"from": "2026-12-05", "to": "2026-12-09"}, {"from": "2026-12-01", "to": "2026-12-05"}], "/away/1", None),
        ([{"from": "soon", "to": "2026-12-09"}], "/away/0/from", "invalid_date"),
        ([{"to": "2026-12-09"}], "/away/0/from", "invalid_date"),
        ([{"from": "2026-12-02", "to": "2026-12-02", "note": "a\nb"}], "/away/0/note", "invalid_text"),
        ([{"from": "2026-12-02", "to": "2026-12-02"}] * (MAXIMUM_AWAY + 1), "/away", "too_many"),
    ],
)
def test_what_makes_no_sense_is_refused_and_pointed_at(
    away: list[dict[str, str]], pointer: str, code: str | None
) -> None:
    with pytest.raises(Rejected) as refused:
        from_document({"away": away}, WorkingHours("UTC"), YEARS)
    [fault] = refused.value.errors
    assert (fault.pointer, fault.code) == (pointer, code or "overlapping_dates")
