"""How an enrollment moves, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.accounts.working_hours import WorkingHours
from domain.salesflows import journey
from domain.salesflows.delays import NO_DELAY, Delay, DelayUnit
from domain.salesflows.model import Enrollment, EnrollmentState, FinishReason, PauseReason, WaitingReason
from domain.shared.errors import NotAllowedInState
from domain.shared.ids import ContactId, EnrollmentId, SalesflowId, UserId

TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
OFFICE = WorkingHours("UTC")
NEVER = WorkingHours("UTC", {})
A_WHILE = some.timedeltas(timedelta(0), timedelta(days=60))


def an_enrollment(**more: object) -> Enrollment:
    enrollment = Enrollment(
        id=EnrollmentId(uuid4()),
        salesflow_id=SalesflowId(uuid4()),
        revision=1,
        contact_id=ContactId(uuid4()),
        user_id=UserId(uuid4()),
        started_by=UserId(uuid4()),
        state=EnrollmentState.ACTIVE,
        started_at=TUESDAY,
        due_at=TUESDAY + timedelta(hours=1),
    )
    return replace(enrollment, **more)


def test_a_step_without_delay_is_due_at_once_in_business_hours() -> None:
    assert journey.planned(TUESDAY, NO_DELAY, OFFICE) == (TUESDAY, WaitingReason.DELAY)


def test_a_delay_that_ends_at_night_waits_for_the_morning() -> None:
    due, waiting = journey.planned(TUESDAY, Delay(10, DelayUnit.HOURS), OFFICE)
    assert (due, waiting) == (datetime(2026, 11, 25, 8, 0, tzinfo=UTC), WaitingReason.BUSINESS_HOURS)


def test_a_calendar_that_never_opens_is_looked_at_again_the_next_day() -> None:
    assert journey.planned(TUESDAY, NO_DELAY, NEVER) == (TUESDAY + timedelta(days=1), WaitingReason.BUSINESS_HOURS)


def test_the_delay_of_the_next_step_runs_from_what_was_done() -> None:
    went_on = journey.advanced(an_enrollment(), Delay(30, DelayUnit.MINUTES), OFFICE, TUESDAY + timedelta(hours=2))
    assert (went_on.position, went_on.due_at) == (2, TUESDAY + timedelta(hours=2, minutes=30))


def test_what_was_held_while_it_was_sent_stays_held() -> None:
    held = journey.paused(an_enrollment(due_at=None), TUESDAY)
    went_on = journey.advanced(held, NO_DELAY, OFFICE, TUESDAY + timedelta(minutes=1))
    assert (went_on.state, went_on.reason) == (EnrollmentState.PAUSED, PauseReason.MANUAL)


@given(held=A_WHILE, before=A_WHILE)
def test_time_that_was_held_does_not_count_as_delay(held: timedelta, before: timedelta) -> None:
    enrollment = an_enrollment(due_at=TUESDAY + before + timedelta(days=1))
    paused_at = TUESDAY + before
    resumed = journey.resumed(journey.paused(enrollment, paused_at), paused_at + held)
    assert resumed.due_at == paused_at + held + timedelta(days=1)


@given(held=A_WHILE)
def test_pausing_again_does_not_count_twice(held: timedelta) -> None:
    enrollment = an_enrollment()
    twice = journey.paused(journey.paused(enrollment, TUESDAY), TUESDAY + held / 2)
    assert journey.resumed(twice, TUESDAY + held).due_at == TUESDAY + timedelta(hours=1) + held


@given(until=some.none() | some.datetimes(timezones=some.just(UTC)))
def test_an_absence_always_ends_in_the_senders_business_hours_and_in_the_future(until: datetime | None) -> None:
    far = TUESDAY + timedelta(days=3650)
    held = journey.away(an_enrollment(), TUESDAY, until if until is None or until < far else far, OFFICE)
    assert held.resume_at is not None
    assert held.resume_at > TUESDAY
    assert OFFICE.is_open(held.resume_at)


def test_a_pause_by_hand_wins_over_an_absence() -> None:
    absent = journey.away(an_enrollment(), TUESDAY, None, OFFICE)
    by_hand = journey.paused(absent, TUESDAY + timedelta(days=1))
    assert (by_hand.reason, by_hand.resume_at) == (PauseReason.MANUAL, None)
    assert journey.away(by_hand, TUESDAY + timedelta(days=2), None, OFFICE) == by_hand


def test_missing_data_does_not_change_another_hold() -> None:
    by_hand = journey.paused(an_enrollment(), TUESDAY)
    assert journey.lacking(by_hand, ["contact.city"], TUESDAY) == by_hand


def test_resuming_what_is_on_its_way_changes_nothing() -> None:
    enrollment = an_enrollment()
    assert journey.resumed(enrollment, TUESDAY) == enrollment


@pytest.mark.parametrize("change", [journey.paused, journey.resumed])
def test_what_is_over_stays_over(change: object) -> None:
    over = journey.finished(an_enrollment(), FinishReason.REPLIED, TUESDAY)
    with pytest.raises(NotAllowedInState):
        change(over, TUESDAY)  # type: ignore[operator]


def test_an_absence_and_missing_data_leave_what_is_over_alone() -> None:
    over = journey.finished(an_enrollment(), FinishReason.REPLIED, TUESDAY)
    assert journey.away(over, TUESDAY, None, OFFICE) == over
    assert journey.lacking(over, ["contact.city"], TUESDAY) == over


def test_what_is_over_has_nothing_left_to_wait_for() -> None:
    over = journey.finished(journey.away(an_enrollment(), TUESDAY, None, OFFICE), FinishReason.OPTED_OUT, TUESDAY)
    assert (over.due_at, over.resume_at, over.paused_at, over.finished_at) == (None, None, None, TUESDAY)
