"""Between civil time (what a person's clock shows) and instants (UTC), where clocks jump.

Two rules hold everywhere: a civil time that a clock skips (a gap) becomes the first instant after the gap, and one that
it shows twice (a fold) becomes the first of the two.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

# Names of the tz database that depend on the machine or mean nothing to a person.
_NOT_FOR_PEOPLE = frozenset({"localtime", "posixrules", "Factory"})
_STEP = timedelta(hours=6)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every IANA time zone that a person can choose."""
    return frozenset(available_timezones()) - _NOT_FOR_PEOPLE


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name. The caller has checked the name."""
    return ZoneInfo(name)


def aware(instant: datetime) -> datetime:
    """The instant in UTC. Raises ValueError for a datetime without an offset, which is no instant."""
    if instant.tzinfo is None:
        raise ValueError("An instant needs an offset.")
    return instant.astimezone(UTC)


def transitions(where: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    """The instants in (start, end] at which the offset changes, to the second. At most one is found in six hours."""
    found = []
    left = start
    while left < end:
        right = min(left + _STEP, end)
        if _offset(where, left) != _offset(where, right):
            found.append(_bisect(where, left, right))
        left = right
    return found


def to_instant(wall: datetime, where: ZoneInfo) -> datetime:
    """The instant of a civil time: after a gap its end, in a fold the first."""
    instant = wall.replace(tzinfo=where, fold=0).astimezone(UTC)
    if instant.astimezone(where).replace(tzinfo=None) == wall:
        return instant
    return transitions(where, instant - timedelta(days=2), instant)[-1]


def to_wall(instant: datetime, where: ZoneInfo) -> datetime:
    """The civil time of an instant, made never to go back: the second pass of a fold counts as the end of the first."""
    local = instant.astimezone(where)
    if not local.fold:
        return local.replace(tzinfo=None)
    first_pass = local.replace(fold=0).astimezone(UTC)
    turned_back = transitions(where, first_pass, instant)[-1]
    return (turned_back + _offset(where, turned_back - _SECOND)).replace(tzinfo=None)


def _offset(where: ZoneInfo, instant: datetime) -> timedelta:
    offset = instant.astimezone(where).utcoffset()
    assert offset is not None
    return offset


def _bisect(where: ZoneInfo, left: datetime, right: datetime) -> datetime:
    before = _offset(where, left)
    while right - left > _SECOND:
        middle = (left + (right - left) / 2).replace(microsecond=0)
        if middle <= left:
            middle += _SECOND
        left, right = (middle, right) if _offset(where, middle) == before else (left, middle)
    return right.replace(microsecond=0)
