"""When a step is due."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.accounts.civil_time import zone_names
from domain.accounts.working_hours import WEEKDAYS, Window, WorkingHours
from domain.salesflows.delays import NO_DELAY, Delay, DelayUnit
from domain.salesflows.schedule import business_days_later, due_at

BERLIN = WorkingHours("Europe/Berlin", country="DE")
NEW_YORK = WorkingHours("America/New_York", country="US")


def local(hours: WorkingHours, *civil: int) -> datetime:
    return datetime(*civil, tzinfo=ZoneInfo(hours.time_zone))  # type: ignore[misc, arg-type]


def minutes(amount: int) -> Delay:
    return Delay(amount, DelayUnit.MINUTES)


def days(amount: int) -> Delay:
    return Delay(amount, DelayUnit.DAYS)


def business_days(amount: int) -> Delay:
    return Delay(amount, DelayUnit.BUSINESS_DAYS)


def test_without_a_delay_an_open_instant_is_due_at_once() -> None:
    now = local(BERLIN, 2026, 11, 24, 9, 30)
    assert due_at(now, NO_DELAY, BERLIN) == now


def test_what_starts_on_a_sunday_is_due_on_monday_morning() -> None:
    assert due_at(local(BERLIN, 2026, 11, 22, 12), NO_DELAY, BERLIN) == local(BERLIN, 2026, 11, 23, 8)


def test_two_business_days_after_tuesday_is_thursday_at_the_same_time() -> None:
    tuesday = local(BERLIN, 2026, 11, 24, 9, 30)
    assert due_at(tuesday, business_days(2), BERLIN) == local(BERLIN, 2026, 11, 26, 9, 30)


def test_business_days_step_over_the_weekend() -> None:
    assert due_at(local(BERLIN, 2026, 11, 27, 9), business_days(1), BERLIN) == local(BERLIN, 2026, 11, 30, 9)


def test_business_days_step_over_holidays() -> None:
    assert due_at(local(NEW_YORK, 2026, 11, 25, 9), business_days(1), NEW_YORK) == local(NEW_YORK, 2026, 11, 27, 9)


def test_business_days_step_over_own_free_days() -> None:
    hours = WorkingHours("UTC", own={date(2026, 11, 25): "Off"})
    assert due_at(local(hours, 2026, 11, 24, 9), business_days(1), hours) == local(hours, 2026, 11, 26, 9)


def test_a_business_day_after_a_sunday_is_monday() -> None:
    assert due_at(local(BERLIN, 2026, 11, 22, 12), business_days(1), BERLIN) == local(BERLIN, 2026, 11, 23, 12)


def test_days_count_weekends_and_wait_for_the_next_hours() -> None:
    assert due_at(local(BERLIN, 2026, 11, 26, 9), days(2), BERLIN) == local(BERLIN, 2026, 11, 30, 8)


def test_minutes_that_end_after_hours_wait_for_the_morning() -> None:
    assert due_at(local(BERLIN, 2026, 11, 24, 17, 50), minutes(10), BERLIN) == local(BERLIN, 2026, 11, 25, 8)


def test_hours_pass_on_any_clock() -> None:
    after = local(BERLIN, 2027, 3, 28, 1, 30)
    hours = WorkingHours("Europe/Berlin", dict.fromkeys(WEEKDAYS, (Window(0, 1440),)))
    assert due_at(after, Delay(1, DelayUnit.HOURS), hours) == local(BERLIN, 2027, 3, 28, 3, 30)


def test_the_time_of_day_survives_a_change_to_summer_time() -> None:
    assert due_at(local(BERLIN, 2027, 3, 26, 9), days(3), BERLIN) != local(BERLIN, 2027, 3, 29, 9), "Easter Monday"
    assert due_at(local(NEW_YORK, 2027, 3, 12, 9), days(3), NEW_YORK) == local(NEW_YORK, 2027, 3, 15, 9)


def test_a_day_after_the_twenty_eighth_of_february_in_a_leap_year_is_the_twenty_ninth() -> None:
    assert due_at(local(BERLIN, 2028, 2, 28, 9), days(1), BERLIN) == local(BERLIN, 2028, 2, 29, 9)


def test_a_zone_far_ahead_of_utc_keeps_its_own_weekday() -> None:
    auckland = WorkingHours("Pacific/Auckland")
    assert due_at(local(auckland, 2026, 11, 27, 9), business_days(1), auckland) == local(auckland, 2026, 11, 30, 9)


def test_a_calendar_that_never_opens_has_no_answer() -> None:
    never = WorkingHours("UTC", {})
    for delay in (NO_DELAY, days(3), business_days(1)):
        assert due_at(datetime(2026, 11, 24, tzinfo=UTC), delay, never) is None


@pytest.mark.parametrize("unit", DelayUnit)
def test_no_delay_of_any_unit_is_due_at_once_even_in_an_hour_that_comes_twice(unit: DelayUnit) -> None:
    hours = WorkingHours("Europe/Berlin", dict.fromkeys(WEEKDAYS, (Window(0, 1440),)))
    second_pass = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert due_at(second_pass, Delay(0, unit), hours) == second_pass


def test_business_days_later_is_counted_one_by_one() -> None:
    assert business_days_later(date(2026, 12, 23), 2, BERLIN) == date(2026, 12, 28)


zones = st.sampled_from(sorted(zone_names()))
windows = st.sampled_from(
    [
        (Window(480, 1080),),
        (Window(0, 1440),),
        (Window(0, 30), Window(1410, 1440)),
        (Window(60, 180),),
        (Window(120, 150), Window(150, 200)),
        (),
    ]
)
calendars = st.builds(
    WorkingHours,
    time_zone=zones,
    days=st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, windows)).filter(lambda chosen: any(chosen.values())),
    country=st.sampled_from([None, "US", "DE", "JP", "IN", "BR"]),
)
instants = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1)).map(lambda day: day.replace(tzinfo=UTC))  # noqa: DTZ001
delays = st.builds(Delay, st.integers(0, 40), st.sampled_from(DelayUnit))


@given(after=instants, delay=delays, hours=calendars)
def test_a_step_is_due_inside_of_the_hours_and_never_before_its_delay(
    after: datetime, delay: Delay, hours: WorkingHours
) -> None:
    due = due_at(after, delay, hours)
    if due is None:
        return
    wall = due.astimezone(ZoneInfo(hours.time_zone))
    minute = wall.hour * 60 + wall.minute
    assert any(window.opens <= minute < window.closes for window in hours.days[WEEKDAYS[wall.weekday()]])
    assert wall.date() not in hours.holidays(wall.year)
    assert due >= after
    if delay.unit in (DelayUnit.MINUTES, DelayUnit.HOURS):
        assert due >= after + timedelta(**{delay.unit.value: delay.amount})


@given(after=instants, later=st.timedeltas(timedelta(), timedelta(days=4)), delay=delays, hours=calendars)
def test_what_was_completed_later_is_not_due_earlier(
    after: datetime, later: timedelta, delay: Delay, hours: WorkingHours
) -> None:
    """Counted from a free day, a business day keeps the time of day, too: the one that Friday evening leads to."""
    assume(delay.unit is not DelayUnit.BUSINESS_DAYS or all(works_then(at, hours) for at in (after, after + later)))
    first, second = due_at(after, delay, hours), due_at(after + later, delay, hours)
    if first is not None and second is not None:
        assert first <= second


def works_then(instant: datetime, hours: WorkingHours) -> bool:
    return hours.is_business_day(instant.astimezone(ZoneInfo(hours.time_zone)).date())


def test_a_free_day_and_the_evening_before_lead_to_the_same_business_day() -> None:
    friday, sunday = local(BERLIN, 2026, 11, 20, 17), local(BERLIN, 2026, 11, 22, 12)
    assert [due_at(after, business_days(1), BERLIN) for after in (friday, sunday)] == [
        local(BERLIN, 2026, 11, 23, 17),
        local(BERLIN, 2026, 11, 23, 12),
    ]


@given(after=instants, amount=st.integers(0, 15), hours=calendars)
def test_exactly_that_many_working_days_are_counted(after: datetime, amount: int, hours: WorkingHours) -> None:
    start = after.astimezone(ZoneInfo(hours.time_zone)).date()
    day = business_days_later(start, amount, hours)
    assert day is not None
    counted = [start + timedelta(days=ahead) for ahead in range(1, (day - start).days + 1)]
    assert sum(hours.days[WEEKDAYS[d.weekday()]] != () and d not in hours.holidays(d.year) for d in counted) == amount


@given(after=instants, hours=calendars)
def test_no_working_day_is_skipped(after: datetime, hours: WorkingHours) -> None:
    """Between the delay's end and the due instant no clock of the sender shows an open hour."""
    due = due_at(after, NO_DELAY, hours)
    assert due is not None
    where, instant = ZoneInfo(hours.time_zone), after
    while instant < min(due, after + timedelta(days=3)):
        wall = instant.astimezone(where)
        minute = wall.hour * 60 + wall.minute
        shown = any(window.opens <= minute < window.closes for window in hours.days[WEEKDAYS[wall.weekday()]])
        assert not (shown and wall.date() not in hours.holidays(wall.year))
        instant += timedelta(minutes=23)


@pytest.mark.parametrize("name", sorted(zone_names()))
def test_nine_days_later_is_nine_days_later_in_every_zone(name: str) -> None:
    """Through a year, whether its clock jumps or not, the step is due at the time of day it had."""
    hours = WorkingHours(name, dict.fromkeys(WEEKDAYS, (Window(0, 1440),)))
    where = ZoneInfo(name)
    due = datetime(2027, 1, 1, 9, 0, tzinfo=where)
    for ahead in range(9, 370, 9):
        due_again = due_at(due, days(9), hours)
        assert due_again is not None
        wall = due_again.astimezone(where)
        assert (wall.date(), wall.hour, wall.minute) == (date(2027, 1, 1) + timedelta(days=ahead), 9, 0)
        due = due_again
