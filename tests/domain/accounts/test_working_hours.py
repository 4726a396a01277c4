"""When a user works: weekdays, holidays, and clocks that jump."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.accounts.civil_time import transitions, zone_names
from domain.accounts.working_hours import MINUTES_A_DAY, WEEKDAYS, Window, WorkingHours
from domain.shared.errors import Rejected

SECOND = timedelta(seconds=1)
EVERY_DAY = {day: (Window(0, MINUTES_A_DAY),) for day in WEEKDAYS}


def local(hours: WorkingHours, *civil: int, fold: int = 0) -> datetime:
    return datetime(*civil, tzinfo=ZoneInfo(hours.time_zone), fold=fold)  # type: ignore[misc, arg-type]


def every_day(*windows: tuple[str, str]) -> dict[str, tuple[Window, ...]]:
    return {day: tuple(Window(minutes(opens), minutes(closes)) for opens, closes in windows) for day in WEEKDAYS}


def minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def test_by_default_work_is_from_eight_to_six_on_weekdays() -> None:
    hours = WorkingHours("Europe/Berlin")
    assert not hours.is_open(local(hours, 2026, 11, 23, 7, 59, 59))
    assert hours.is_open(local(hours, 2026, 11, 23, 8, 0))
    assert hours.is_open(local(hours, 2026, 11, 23, 17, 59, 59))
    assert not hours.is_open(local(hours, 2026, 11, 23, 18, 0))
    assert not hours.is_open(local(hours, 2026, 11, 22, 12, 0))


def test_an_open_instant_is_its_own_next_open_one() -> None:
    hours = WorkingHours("Asia/Kolkata")
    instant = local(hours, 2026, 11, 23, 9, 30, 15)
    assert hours.next_open(instant) == instant


def test_friday_evening_waits_for_monday_morning() -> None:
    hours = WorkingHours("America/New_York")
    assert hours.next_open(local(hours, 2026, 11, 20, 18, 0)) == local(hours, 2026, 11, 23, 8, 0)


def test_the_break_at_noon_waits_for_the_afternoon() -> None:
    hours = WorkingHours("UTC", every_day(("09:00", "12:00"), ("13:00", "17:00")))
    assert hours.next_open(local(hours, 2026, 11, 23, 12, 0)) == local(hours, 2026, 11, 23, 13, 0)


def test_answers_are_instants_in_utc() -> None:
    opened = WorkingHours("Asia/Tokyo").next_open(datetime(2026, 11, 22, tzinfo=UTC))
    assert opened is not None
    assert opened.tzinfo is UTC


def test_a_datetime_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        WorkingHours("UTC").next_open(datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001


def test_a_holiday_of_the_country_is_skipped() -> None:
    hours = WorkingHours("Europe/Berlin", country="DE")
    assert hours.next_open(local(hours, 2026, 12, 25, 9, 0)) == local(hours, 2026, 12, 28, 8, 0)


def test_a_holiday_that_falls_on_a_weekend_is_observed_on_a_weekday() -> None:
    hours = WorkingHours("America/New_York", country="US")
    assert not hours.is_business_day(date(2027, 7, 5)), "the fourth of July 2027 is a Sunday"


def test_new_year_observed_in_the_year_before_is_known() -> None:
    assert not WorkingHours("America/New_York", country="US").is_business_day(date(2027, 12, 31))


def test_a_removed_holiday_is_a_day_of_work() -> None:
    hours = WorkingHours("Europe/Berlin", country="DE", removed=frozenset({date(2026, 12, 25)}))
    assert hours.is_open(local(hours, 2026, 12, 25, 9, 0))


def test_an_own_free_day_is_skipped() -> None:
    hours = WorkingHours("Europe/Berlin", own={date(2026, 11, 24): "Moving house"})
    assert hours.next_open(local(hours, 2026, 11, 24, 9, 0)) == local(hours, 2026, 11, 25, 8, 0)


def test_an_own_free_day_wins_over_a_removed_holiday() -> None:
    day = date(2026, 12, 25)
    hours = WorkingHours("Europe/Berlin", country="DE", removed=frozenset({day}), own={day: "At home"})
    assert not hours.is_business_day(day)
    assert hours.holidays(2026)[day] == "At home"


def test_the_day_after_friday_is_monday() -> None:
    assert WorkingHours("UTC").next_business_day(date(2026, 11, 20)) == date(2026, 11, 23)


def test_a_calendar_without_hours_never_opens() -> None:
    hours = WorkingHours("UTC", {})
    assert hours.next_open(datetime(2026, 11, 23, tzinfo=UTC)) is None
    assert hours.next_business_day(date(2026, 11, 23)) is None


def test_the_twenty_ninth_of_february_is_a_day_like_others() -> None:
    hours = WorkingHours("Europe/Paris", EVERY_DAY)
    assert hours.is_open(local(hours, 2028, 2, 29, 23, 59, 59))


def test_hours_that_begin_in_a_gap_begin_at_its_end() -> None:
    hours = WorkingHours("Europe/Berlin", every_day(("02:30", "05:00")))
    assert hours.next_open(local(hours, 2027, 3, 28, 0, 0)) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_hours_within_a_gap_do_not_exist_that_day() -> None:
    hours = WorkingHours("Europe/Berlin", every_day(("02:10", "02:50")))
    assert hours.next_open(local(hours, 2027, 3, 28, 0, 0)) == local(hours, 2027, 3, 29, 2, 10)


def test_hours_that_begin_in_a_fold_begin_at_the_first_pass() -> None:
    hours = WorkingHours("Europe/Berlin", every_day(("02:30", "05:00")))
    assert hours.next_open(local(hours, 2026, 10, 25, 0, 0)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_clock_that_is_turned_back_over_midnight_misses_no_opening() -> None:
    hours = WorkingHours("America/St_Johns", every_day(("23:30", "24:00")))
    turned_back = datetime(2010, 11, 7, 2, 31, tzinfo=UTC)
    assert hours.next_open(turned_back) == datetime(2010, 11, 7, 3, 0, tzinfo=UTC), "half past eleven, again"


def test_the_evening_that_comes_again_after_midnight_is_found() -> None:
    """At one past midnight this clock went back to 23:01: half a minute before, the calendar shows the day after."""
    hours = WorkingHours("America/St_Johns", every_day(("23:30", "24:00")))
    after_midnight = datetime(2010, 11, 7, 2, 30, 30, tzinfo=UTC)
    assert hours.next_open(after_midnight) == datetime(2010, 11, 7, 3, 0, tzinfo=UTC)


def test_the_first_minute_of_a_day_comes_before_the_evening_that_comes_again() -> None:
    hours = WorkingHours("America/St_Johns", every_day(("00:00", "00:30"), ("23:30", "23:45")))
    first_evening = datetime(2010, 11, 7, 2, 20, tzinfo=UTC)
    assert hours.next_open(first_evening) == datetime(2010, 11, 7, 2, 30, tzinfo=UTC)


def test_a_day_that_a_country_skipped_has_no_hours() -> None:
    hours = WorkingHours("Pacific/Apia", every_day(("08:00", "18:00")))
    assert hours.next_open(local(hours, 2011, 12, 29, 18, 0)) == local(hours, 2011, 12, 31, 8, 0)


@pytest.mark.parametrize(
    ("made", "pointer", "code"),
    [
        (lambda: WorkingHours("Mars/Olympus"), "/time_zone", "unknown_time_zone"),
        (lambda: WorkingHours("../../etc/passwd"), "/time_zone", "unknown_time_zone"),
        (lambda: WorkingHours("localtime"), "/time_zone", "unknown_time_zone"),
        (lambda: WorkingHours("UTC", country="ZZ"), "/country", "unknown_country"),
        (lambda: WorkingHours("UTC", {"monday": (Window(600, 540),)}), "/days/monday/0", "reversed_hours"),
        (lambda: WorkingHours("UTC", {"monday": (Window(540, 540),)}), "/days/monday/0", "reversed_hours"),
        (lambda: WorkingHours("UTC", {"monday": (Window(0, 1441),)}), "/days/monday/0", "reversed_hours"),
        (lambda: WorkingHours("UTC", {"friday": (Window(0, 60), Window(59, 90))}), "/days/friday", "overlapping_hours"),
        (lambda: WorkingHours("UTC", {"someday": ()}), "/days/someday", "unknown_weekday"),
    ],
)
def test_what_makes_no_sense_is_refused_and_pointed_at(made: object, pointer: str, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        made()  # type: ignore[operator]
    assert [(error.pointer, error.code) for error in refused.value.errors] == [(pointer, code)]


def test_hours_that_touch_do_not_overlap() -> None:
    hours = WorkingHours("UTC", every_day(("09:00", "12:00"), ("12:00", "17:00")))
    assert hours.is_open(local(hours, 2026, 11, 23, 12, 0))


def test_around_every_jump_of_every_clock_what_opens_is_inside_of_the_hours_and_nothing_open_is_missed() -> None:
    """Every IANA zone, every jump of its clock in two years, hours chosen to begin and end within the jumps."""
    windows = (Window(0, 30), Window(75, 130), Window(150, 200), Window(1410, MINUTES_A_DAY))
    days = dict.fromkeys(WEEKDAYS, windows)
    checked = 0
    seen: set[object] = set()
    for name in sorted(zone_names()):
        hours = WorkingHours(name, days)
        for jump in transitions(ZoneInfo(name), datetime(2027, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)):
            kind = (
                jump,
                jump.astimezone(ZoneInfo(name)).utcoffset(),
                (jump - SECOND).astimezone(ZoneInfo(name)).utcoffset(),
            )
            if kind in seen:
                continue
            seen.add(kind)
            previous = None
            for quarter in range(-12, 13):
                instant = jump + timedelta(minutes=15 * quarter)
                opened = hours.next_open(instant)
                assert opened is not None
                assert opened >= instant
                assert shows_open_hours(opened, name, windows)
                assert previous is None or opened >= previous
                steps = range(0, int((opened - instant).total_seconds()) // 60, 5)
                assert not any(shows_open_hours(instant + timedelta(minutes=step), name, windows) for step in steps)
                previous = opened
                checked += 1
    assert checked > 2_000


def shows_open_hours(instant: datetime, zone: str, windows: tuple[Window, ...]) -> bool:
    wall = instant.astimezone(ZoneInfo(zone))
    minute = wall.hour * 60 + wall.minute
    return any(window.opens <= minute < window.closes for window in windows)
