"""What comes next, in the order of time; what nobody knows the time of stands last."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from domain.salesflows.model import (
    EmailUnderWay,
    Enrollment,
    EnrollmentEntry,
    EnrollmentState,
    SalesflowState,
    Waiting,
    WaitingReason,
)
from domain.salesflows.next_steps import next_steps
from domain.shared.ids import ContactId, EmailId, EnrollmentId, SalesflowId, UserId

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(days=3)


def entry(
    name: str,
    due_at: datetime | None = None,
    state: EnrollmentState = EnrollmentState.ACTIVE,
    waiting: Waiting | None = None,
    under_way: EmailUnderWay | None = None,
) -> EnrollmentEntry:
    enrollment = Enrollment(
        id=EnrollmentId(uuid4()),
        salesflow_id=SalesflowId(uuid4()),
        contact_id=ContactId(uuid4()),
        user_id=UserId(uuid4()),
        started_by=UserId(uuid4()),
        revision=1,
        started_at=NOW,
        state=state,
        due_at=due_at,
    )
    return EnrollmentEntry(
        enrollment, name, SalesflowState.ACTIVE, 1, "Ann Lee", None, None, "Rob Rep", under_way, waiting
    )


def order(*entries: EnrollmentEntry) -> list[tuple[str | None, datetime | None]]:
    return [(step.entry.salesflow_name, step.due_at) for step in next_steps(entries)]


def test_the_next_in_time_stands_first_and_what_is_over_nowhere() -> None:
    over = entry("over", state=EnrollmentState.FINISHED)

    assert order(entry("later", LATER), over, entry("soon", SOON)) == [("soon", SOON), ("later", LATER)]


def test_whoever_is_away_goes_on_when_the_absence_ends_and_whoever_is_held_nobody_knows_when() -> None:
    away = entry("away", None, EnrollmentState.PAUSED, Waiting(WaitingReason.OUT_OF_OFFICE, LATER))
    held = entry("held", SOON, EnrollmentState.PAUSED, Waiting(WaitingReason.MANUAL))

    assert order(held, away) == [("away", LATER), ("held", None)]


def test_an_email_under_way_leaves_at_its_own_time() -> None:
    email = EmailUnderWay(EmailId(uuid4()), "ready", SOON, "connected")

    assert order(entry("under way", None, waiting=Waiting(WaitingReason.SENDING), under_way=email)) == [
        ("under way", SOON)
    ]
