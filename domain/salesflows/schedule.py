"""When a step is due: after its delay, in the sender's working hours."""

from datetime import date, datetime, timedelta

from domain.accounts.civil_time import aware, to_instant, to_wall, zone
from domain.accounts.working_hours import WorkingHours
from domain.salesflows.delays import Delay, DelayUnit


def due_at(after: datetime, delay: Delay, hours: WorkingHours) -> datetime | None:
    """The first instant (UTC) in the working hours at which the delay, counted from `after`, has passed.

    Days keep the time of day: they are advanced in the sender's civil time, which is made an instant last. A business
    day is one on which the sender works; the day of `after` itself is not counted. Never before `after`, and never
    earlier for a later `after`, but for business days that are counted from a free day: that leads to the same one as
    the day before does. None when these working hours never open.
    """
    passed = _passed(aware(after), delay, hours)
    return None if passed is None else hours.next_open(passed)


def business_days_later(day: date, amount: int, hours: WorkingHours) -> date | None:
    """The day that is so many business days after this one; None when the calendar runs out of them."""
    counted: date | None = day
    for _ in range(amount):
        counted = hours.next_business_day(counted) if counted else None
    return counted


def _passed(after: datetime, delay: Delay, hours: WorkingHours) -> datetime | None:
    match delay.unit:
        case DelayUnit.MINUTES:
            return after + timedelta(minutes=delay.amount)
        case DelayUnit.HOURS:
            return after + timedelta(hours=delay.amount)
        case _ if delay.amount == 0:
            return after
        case _:
            return _days_passed(after, delay, hours)


def _days_passed(after: datetime, delay: Delay, hours: WorkingHours) -> datetime | None:
    where = zone(hours.time_zone)
    wall = to_wall(after, where)
    if delay.unit is DelayUnit.DAYS:
        day: date | None = wall.date() + timedelta(days=delay.amount)
    else:
        day = business_days_later(wall.date(), delay.amount, hours)
    return to_instant(datetime.combine(day, wall.time()), where) if day else None
