"""What was planned by former hours, planned anew by others."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.preferences import Away
from domain.accounts.working_hours import WEEKDAYS, Window, WorkingHours
from domain.salesflows import journey
from domain.salesflows.delays import NO_DELAY, Delay, DelayUnit
from domain.salesflows.model import WaitingReason
from domain.salesflows.replanning import PlannedStep, Replanned, replanned
from domain.shared.ids import EnrollmentId
from tests.domain.salesflows.test_journey import an_enrollment

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
OFFICE = WorkingHours("UTC")
ON_LEAVE = replace(OFFICE, away=(Away(date(2026, 11, 24), date(2026, 12, 4)),))

days = st.dates(date(2026, 11, 1), date(2027, 1, 31))
windows = st.sampled_from([(Window(480, 1080),), (Window(0, 1440),), (Window(60, 180), Window(1200, 1260)), ()])
leaves = st.builds(lambda first, more: Away(first, first + timedelta(days=more)), days, st.integers(0, 30))
calendars = st.builds(
    WorkingHours,
    time_zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata"]),
    days=st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, windows)).filter(lambda chosen: any(chosen.values())),
    country=st.sampled_from([None, "US", "DE", "JP"]),
    removed=st.frozensets(days, max_size=3),
    own=st.dictionaries(days, st.just("Off"), max_size=3),
    away=st.lists(leaves, max_size=1).map(tuple),
)
instants = st.datetimes(datetime(2026, 11, 1), datetime(2027, 1, 31), timezones=st.just(UTC))  # noqa: DTZ001
delays = st.builds(Delay, st.integers(0, 20), st.sampled_from(DelayUnit))
A_WHILE = st.timedeltas(timedelta(0), timedelta(days=20))


def moved(counted_from: datetime, delay: Delay, hours: WorkingHours) -> Replanned:
    (found,) = replanned([PlannedStep(EnrollmentId(uuid4()), counted_from, delay)], hours)
    return found


def test_a_leave_that_is_cancelled_brings_the_step_to_the_end_of_its_delay() -> None:
    before, after = (moved(MONDAY, Delay(1, DelayUnit.DAYS), hours) for hours in (ON_LEAVE, OFFICE))
    assert (before.due_at, before.waiting) == (datetime(2026, 12, 7, 8, tzinfo=UTC), WaitingReason.BUSINESS_HOURS)
    assert (after.due_at, after.waiting) == (MONDAY + timedelta(days=1), WaitingReason.DELAY)


def test_a_leave_that_is_entered_puts_the_step_behind_it() -> None:
    assert moved(MONDAY, Delay(1, DelayUnit.BUSINESS_DAYS), ON_LEAVE).due_at == datetime(2026, 12, 7, 10, tzinfo=UTC)


def test_whoever_started_together_comes_together() -> None:
    steps = [PlannedStep(EnrollmentId(uuid4()), MONDAY, NO_DELAY) for _ in range(3)]
    assert [one.enrollment_id for one in replanned(steps, OFFICE)] == [step.enrollment_id for step in steps]


@given(began=instants, delay=delays, former=calendars, hours=calendars, held=A_WHILE, until_held=A_WHILE)
def test_after_any_change_of_hours_a_step_comes_when_it_would_have_been_planned_to(
    began: datetime, delay: Delay, former: WorkingHours, hours: WorkingHours, held: timedelta, until_held: timedelta
) -> None:
    """However it was planned first, and however long it was held since: held time is no part of its delay."""
    waits = journey.advanced(an_enrollment(), delay, former, began)
    resumed = journey.resumed(journey.paused(waits, began + until_held), began + until_held + held)
    assert resumed.counted_from is not None
    found = moved(resumed.counted_from, delay, hours)
    due, waiting = journey.planned(began + held, delay, hours)
    assert (found.due_at, found.waiting) == (due, waiting)


@given(began=instants, delay=delays, hours=calendars)
def test_it_comes_in_the_hours_and_never_earlier_than_its_delay_says(
    began: datetime, delay: Delay, hours: WorkingHours
) -> None:
    due = moved(began, delay, hours).due_at
    if hours.next_open(began) is None:
        return
    assert hours.is_open(due)
    if delay.unit in (DelayUnit.MINUTES, DelayUnit.HOURS):
        assert due >= began + timedelta(**{delay.unit.value: delay.amount})
    assert due >= began


@given(began=instants, delay=delays, hours=calendars)
def test_nothing_open_lies_between_the_end_of_the_delay_and_the_step(
    began: datetime, delay: Delay, hours: WorkingHours
) -> None:
    """Hours that never close say when the delay itself is over."""
    if delay.unit is DelayUnit.BUSINESS_DAYS:
        delay = Delay(delay.amount, DelayUnit.DAYS)
    always = WorkingHours(hours.time_zone, dict.fromkeys(WEEKDAYS, (Window(0, 1440),)))
    over = moved(began, delay, always).due_at
    assert moved(began, delay, hours).due_at == (hours.next_open(over) or began + journey.NEVER_OPEN_PATIENCE)
