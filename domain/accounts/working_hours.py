"""When a user works: hours per weekday in a time zone, without holidays of a country, own free days and days away.

Whether an instant is open is decided by what the user's clock on the wall shows, so daylight saving time needs no
exception: hours that a clock skips do not exist, hours that it shows twice are open twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

from domain.accounts.civil_time import aware, transitions, zone, zone_names
from domain.accounts.preferences import Away
from domain.accounts.public_holidays import countries, public_holidays
from domain.shared.errors import FieldError, Rejected

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTES_A_DAY = 24 * 60

# A calendar without an open hour in more than a year is taken as one that never opens.
HORIZON_DAYS = 400

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Open from a minute of the day (inclusive) to another (exclusive); midnight at the end of the day is 1440."""

    opens: int
    closes: int


OFFICE_HOURS = (Window(8 * 60, 18 * 60),)
DEFAULT_DAYS: Mapping[str, tuple[Window, ...]] = MappingProxyType(
    {day: OFFICE_HOURS if position < 5 else () for position, day in enumerate(WEEKDAYS)}
)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The business hours of one user. Raises Rejected for an unknown zone or country and for impossible hours.

    `days` maps every weekday to its windows (missing ones are closed), `removed` are holidays of the country on which
    the user works, `own` are free days that no country gives, `away` is when the user is on leave.
    """

    time_zone: str
    days: Mapping[str, tuple[Window, ...]] = field(default_factory=lambda: DEFAULT_DAYS, hash=False)
    country: str | None = None
    removed: frozenset[date] = frozenset()
    own: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    away: tuple[Away, ...] = ()

    def __post_init__(self) -> None:
        errors = [*_zone_faults(self.time_zone), *_country_faults(self.country), *_day_faults(self.days)]
        errors += _away_faults(self.away)
        if errors:
            raise Rejected(errors)

    def holidays(self, year: int, language: str = "en") -> dict[date, str]:
        """The free days of a year and their names, in order; a day of the user's own wins over the country's."""
        known = public_holidays(self.country, year, language)
        of_country = {day: name for day, name in known.items() if day not in self.removed}
        own = {day: name for day, name in self.own.items() if day.year == year}
        return dict(sorted((of_country | own).items()))

    def is_business_day(self, day: date) -> bool:
        """Whether the user works on this day at all."""
        if not self._windows(day) or day in self.own or any(away.covers(day) for away in self.away):
            return False
        return day in self.removed or day not in public_holidays(self.country, day.year)

    def next_business_day(self, day: date) -> date | None:
        """The first business day after this day; None when there is none in more than a year."""
        following = (day + _DAY * ahead for ahead in range(1, HORIZON_DAYS + 1))
        return next(filter(self.is_business_day, following), None)

    def is_open(self, instant: datetime) -> bool:
        """Whether the user works at this instant."""
        instant = aware(instant)
        today = instant.astimezone(zone(self.time_zone)).date()
        return any(opens <= instant < closes for opens, closes in self._intervals(today))

    def next_open(self, instant: datetime) -> datetime | None:
        """The first open instant (UTC) at or after this one: itself when open; None for a calendar that never opens."""
        instant = aware(instant)
        today = instant.astimezone(zone(self.time_zone)).date()
        # Where a clock turns back over midnight two days interleave: yesterday may come again, tomorrow may come first.
        for ahead in range(-1, HORIZON_DAYS):
            day = today + _DAY * ahead
            if opening := self._openings(day, instant):
                return min([*opening, *self._openings(day + _DAY, instant)])
        return None

    def _windows(self, day: date) -> tuple[Window, ...]:
        return self.days.get(WEEKDAYS[day.weekday()], ())

    def _openings(self, day: date, instant: datetime) -> list[datetime]:
        return [max(opens, instant) for opens, closes in self._intervals(day) if closes > instant]

    def _intervals(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        return open_intervals(self.time_zone, day, self._windows(day)) if self.is_business_day(day) else ()


@lru_cache(maxsize=16_384)
def open_intervals(time_zone: str, day: date, windows: tuple[Window, ...]) -> tuple[tuple[datetime, datetime], ...]:
    """The instants (UTC, half-open) at which a clock of the zone shows a time inside of the windows on that day.

    Between two changes of the clock the offset is constant, and a window is a plain shift of its civil times.
    """
    if not windows:
        return ()
    where = zone(time_zone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    start, end = midnight - _DAY, midnight + 2 * _DAY
    found = []
    for left, right in pairwise([start, *transitions(where, start, end), end]):
        offset = left.astimezone(where).utcoffset() or timedelta()
        for window in windows:
            opens = max(left, midnight + timedelta(minutes=window.opens) - offset)
            closes = min(right, midnight + timedelta(minutes=window.closes) - offset)
            if opens < closes:
                found.append((opens, closes))
    return tuple(sorted(found))


def _zone_faults(name: str) -> list[FieldError]:
    if name in zone_names():
        return []
    return [FieldError("/time_zone", "unknown_time_zone", "Choose a time zone by its IANA name, like Europe/Berlin.")]


def _country_faults(code: str | None) -> list[FieldError]:
    if code is None or code in countries():
        return []
    return [FieldError("/country", "unknown_country", "Choose a country by its two-letter ISO code, or none.")]


def _day_faults(days: Mapping[str, tuple[Window, ...]]) -> list[FieldError]:
    faults = []
    for day, windows in days.items():
        if day not in WEEKDAYS:
            faults.append(FieldError(f"/days/{day}", "unknown_weekday", f"Weekdays are {', '.join(WEEKDAYS)}."))
        for position, window in enumerate(windows):
            if not 0 <= window.opens < window.closes <= MINUTES_A_DAY:
                message = "The hours have to end after they begin, within one day."
                faults.append(FieldError(f"/days/{day}/{position}", "reversed_hours", message))
        if any(earlier.closes > later.opens for earlier, later in pairwise(sorted(windows))):
            faults.append(FieldError(f"/days/{day}", "overlapping_hours", "The hours of one day must not overlap."))
    return faults


def _away_faults(away: tuple[Away, ...]) -> list[FieldError]:
    """Pointers are those of the list as it was given."""
    faults = [
        FieldError(f"/away/{position}/to", "reversed_dates", "The last day must not come before the first.")
        for position, one in enumerate(away)
        if one.last < one.first
    ]
    if faults:
        return faults
    in_order = sorted(enumerate(away), key=lambda numbered: numbered[1].first)
    return [
        FieldError(f"/away/{max(position, other)}", "overlapping_dates", "These days overlap with others in the list.")
        for (position, earlier), (other, later) in pairwise(in_order)
        if later.first <= earlier.last
    ]
