"""Working hours as JSON: the document of the API, where holidays are a list of dates, and the form that is kept."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from domain.accounts.preferences import Away
from domain.accounts.profile import optional_text
from domain.accounts.public_holidays import public_holidays
from domain.accounts.working_hours import DEFAULT_DAYS, WEEKDAYS, Window, WorkingHours
from domain.shared.errors import FieldError, InvalidField, Rejected

MAXIMUM_OWN_DAYS = 366
MAXIMUM_WINDOWS_A_DAY = 24
MAXIMUM_AWAY = 50


def to_document(hours: WorkingHours, years: Iterable[int], language: str = "en") -> dict[str, Any]:
    """The document of `GET /me/business-hours`, with the holidays of these years by their names in the language."""
    holidays = [(day, name) for year in years for day, name in hours.holidays(year, language).items()]
    return {
        "time_zone": hours.time_zone,
        "days": _days_to_json(hours),
        "country": hours.country,
        "holidays": [
            {"date": day.isoformat(), "name": name, "source": "own" if day in hours.own else "country"}
            for day, name in holidays
        ],
        "away": [
            {"from": away.first.isoformat(), "to": away.last.isoformat(), "note": away.note} for away in hours.away
        ],
    }


def from_document(document: Mapping[str, Any], current: WorkingHours, years: Iterable[int]) -> WorkingHours:
    """The working hours that a `PUT` of the document means; what the document leaves out stays as it is.

    `years` are those whose holidays the writer was shown: a holiday of the country that is missing in the list is one
    on which the user works. Another country brings its own holidays, so nothing of it is taken as removed.
    Raises Rejected with a pointer to each fault.
    """
    years = tuple(years)
    country = document.get("country", current.country)
    removed, own = current.removed, current.own
    if "holidays" in document:
        listed = _holidays_from_json(document["holidays"])
        of_country = {day for year in years for day in public_holidays(country, year)}
        own = {day: name for day, (name, source) in listed.items() if source == "own" and day not in of_country}
        seen = of_country - listed.keys() if country == current.country else frozenset[date]()
        removed = frozenset(day for day in removed if day.year not in years) | seen
    if country != current.country:
        removed = frozenset()
    days = _days_from_json(document["days"]) if "days" in document else current.days
    away = _away_from_json(document["away"]) if "away" in document else current.away
    return WorkingHours(str(document.get("time_zone", current.time_zone)), days, country, frozenset(removed), own, away)


def to_stored(hours: WorkingHours) -> dict[str, Any]:
    """Everything that makes these hours but the days away, as JSON; `from_stored` gives them back."""
    return {
        "time_zone": hours.time_zone,
        "days": _days_to_json(hours),
        "country": hours.country,
        "removed": [day.isoformat() for day in sorted(hours.removed)],
        "own": {day.isoformat(): name for day, name in sorted(hours.own.items())},
    }


def from_stored(stored: Mapping[str, Any]) -> WorkingHours:
    """The hours that `to_stored` was given."""
    return WorkingHours(
        stored["time_zone"],
        _days_from_json(stored["days"]) if "days" in stored else DEFAULT_DAYS,
        stored.get("country"),
        frozenset(date.fromisoformat(day) for day in stored.get("removed", ())),
        {date.fromisoformat(day): name for day, name in stored.get("own", {}).items()},
    )


def _days_to_json(hours: WorkingHours) -> dict[str, list[dict[str, str]]]:
    return {
        day: [{"from": _clock(window.opens), "to": _clock(window.closes)} for window in hours.days.get(day, ())]
        for day in WEEKDAYS
    }


def _days_from_json(days: Mapping[str, Any]) -> dict[str, tuple[Window, ...]]:
    unknown = [day for day in days if day not in WEEKDAYS]
    if unknown:
        raise Rejected([FieldError(f"/days/{day}", "unknown_weekday", "There is no such weekday.") for day in unknown])
    parsed = {}
    for day in WEEKDAYS:
        windows = days.get(day) or ()
        if len(windows) > MAXIMUM_WINDOWS_A_DAY:
            message = f"A day has at most {MAXIMUM_WINDOWS_A_DAY} spans of hours."
            raise InvalidField(f"/days/{day}", "too_many", message, maximum=MAXIMUM_WINDOWS_A_DAY)
        parsed[day] = tuple(
            Window(
                _minutes(window.get("from"), f"/days/{day}/{position}/from"),
                _minutes(window.get("to"), f"/days/{day}/{position}/to"),
            )
            for position, window in enumerate(windows)
        )
    return parsed


def _holidays_from_json(holidays: list[Mapping[str, Any]]) -> dict[date, tuple[str, str]]:
    listed = {}
    for position, holiday in enumerate(holidays):
        day = _date(holiday.get("date"), f"/holidays/{position}/date")
        listed[day] = (str(holiday.get("name") or "")[:100].strip(), str(holiday.get("source") or "own"))
    if sum(source == "own" for _, source in listed.values()) > MAXIMUM_OWN_DAYS:
        message = f"At most {MAXIMUM_OWN_DAYS} own free days can be kept."
        raise InvalidField("/holidays", "too_many", message, maximum=MAXIMUM_OWN_DAYS)
    return listed


def _away_from_json(listed: list[Mapping[str, Any]]) -> tuple[Away, ...]:
    if len(listed) > MAXIMUM_AWAY:
        raise InvalidField("/away", "too_many", f"At most {MAXIMUM_AWAY} absences can be kept.", maximum=MAXIMUM_AWAY)
    return tuple(
        Away(
            _date(one.get("from"), f"/away/{position}/from"),
            _date(one.get("to"), f"/away/{position}/to"),
            optional_text(f"/away/{position}/note", one.get("note")) or "",
        )
        for position, one in enumerate(listed)
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _minutes(clock: object, pointer: str) -> int:
    hours, colon, minutes = str(clock).partition(":")
    well_formed = colon and all(len(part) == 2 and part.isascii() and part.isdigit() for part in (hours, minutes))
    if not well_formed or int(minutes) > 59 or int(hours) * 60 + int(minutes) > 24 * 60:
        raise InvalidField(pointer, "invalid_time", "Give a time of day as HH:MM, from 00:00 to 24:00.")
    return int(hours) * 60 + int(minutes)


def _date(value: object, pointer: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise InvalidField(pointer, "invalid_date", "Give a date as YYYY-MM-DD.") from None
