"""Working hours as the API shows and takes them, and as they are kept."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.working_hours import WEEKDAYS, Window, WorkingHours
from domain.accounts.working_hours_document import from_document, from_stored, to_document, to_stored
from domain.shared.errors import Rejected

YEARS = (2026, 2027)
GERMAN = WorkingHours("Europe/Berlin", country="DE")


def test_the_default_hours_are_shown_by_weekday() -> None:
    document = to_document(GERMAN, YEARS)
    assert document["days"]["monday"] == [{"from": "08:00", "to": "18:00"}]
    assert document["days"]["sunday"] == []
    assert list(document["days"]) == list(WEEKDAYS)


def test_holidays_are_shown_with_their_source() -> None:
    hours = WorkingHours("Europe/Berlin", country="DE", own={date(2026, 11, 24): "Moving house"})
    shown = to_document(hours, YEARS)["holidays"]
    assert {"date": "2026-12-25", "name": "Christmas Day", "source": "country"} in shown
    assert {"date": "2026-11-24", "name": "Moving house", "source": "own"} in shown


def test_writing_what_was_shown_changes_nothing() -> None:
    hours = WorkingHours(
        "Europe/Berlin",
        country="DE",
        removed=frozenset({date(2026, 12, 25)}),
        own={date(2026, 11, 24): "Moving house"},
    )
    assert from_document(to_document(hours, YEARS), hours, YEARS) == hours


def test_a_holiday_left_out_of_the_list_is_one_on_which_the_user_works() -> None:
    document = to_document(GERMAN, YEARS)
    document["holidays"] = [holiday for holiday in document["holidays"] if holiday["date"] != "2026-12-25"]
    changed = from_document(document, GERMAN, YEARS)
    assert changed.removed == {date(2026, 12, 25)}


def test_without_a_list_the_holidays_stay_as_they_are() -> None:
    hours = WorkingHours("Europe/Berlin", country="DE", removed=frozenset({date(2026, 12, 25)}))
    assert from_document({"time_zone": "Europe/Vienna"}, hours, YEARS).removed == hours.removed


def test_another_country_brings_all_of_its_holidays() -> None:
    document = to_document(GERMAN, YEARS) | {"country": "FR"}
    changed = from_document(document, GERMAN, YEARS)
    assert not changed.is_business_day(date(2026, 7, 14))
    assert changed.removed == frozenset()


def test_removals_of_years_that_were_not_shown_are_kept() -> None:
    hours = WorkingHours("Europe/Berlin", country="DE", removed=frozenset({date(2030, 12, 25)}))
    assert from_document(to_document(hours, YEARS), hours, YEARS).removed == hours.removed


def test_a_day_may_end_at_midnight() -> None:
    changed = from_document({"days": {"monday": [{"from": "22:00", "to": "24:00"}]}}, GERMAN, YEARS)
    assert changed.days["monday"] == (Window(1320, 1440),)


@pytest.mark.parametrize("clock", ["8:00", "08:60", "24:01", "25:00", "", None, "０８:00", "08:00:00", "-1:00"])
def test_a_time_that_is_none_is_pointed_at(clock: Any) -> None:
    with pytest.raises(Rejected) as refused:
        from_document({"days": {"monday": [{"from": clock, "to": "18:00"}]}}, GERMAN, YEARS)
    assert refused.value.errors[0].pointer == "/days/monday/0/from"


@pytest.mark.parametrize("day", ["2026-02-30", "soon", None])
def test_a_date_that_is_none_is_pointed_at(day: Any) -> None:
    with pytest.raises(Rejected) as refused:
        from_document({"holidays": [{"date": day, "name": "x", "source": "own"}]}, GERMAN, YEARS)
    assert refused.value.errors[0].pointer == "/holidays/0/date"


days_off = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(removed=st.frozensets(days_off), own=st.dictionaries(days_off, st.text(max_size=20)))
def test_what_is_kept_is_given_back(removed: frozenset[date], own: dict[date, str]) -> None:
    hours = WorkingHours("Asia/Tokyo", {"friday": (Window(0, 1440),)}, "JP", removed, own)
    kept = from_stored(to_stored(hours))
    assert (kept.time_zone, kept.country, kept.removed, kept.own) == (hours.time_zone, "JP", removed, own)
    assert kept.days["friday"] == hours.days["friday"]
