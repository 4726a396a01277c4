"""What becomes of a due step, without a database."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.accounts.working_hours import WEEKDAYS, Window, WorkingHours
from domain.salesflows.due import DispatchSender, DueEnrollment, End, Execute, Hold, Wait, decide, opening
from domain.salesflows.exits import ending
from domain.salesflows.model import FinishReason, WaitingReason

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ALWAYS = WorkingHours("UTC", {day: (Window(0, 1440),) for day in WEEKDAYS})
MAILBOX = uuid4()
SENDER = DispatchSender(ALWAYS, MAILBOX, organization_paused=False)


def due(**more: object) -> DueEnrollment:
    row = DueEnrollment(
        organization_id=uuid4(),
        id=uuid4(),
        salesflow_id=uuid4(),
        revision=1,
        position=1,
        contact_id=uuid4(),
        user_id=uuid4(),
        due_at=NOW,
        email_key="ann@example.com",
        email_state="ok",
        opted_out=False,
        deleted=False,
        salesflow_state="active",
    )
    return row._replace(**more)


def test_what_nothing_speaks_against_is_executed() -> None:
    assert decide(due(), opening(SENDER, NOW), suppressed=False) == Execute(MAILBOX)


@pytest.mark.parametrize(
    ("facts", "suppressed", "reason"),
    [
        ({"deleted": True, "opted_out": True}, False, FinishReason.CONTACT_DELETED),
        ({"opted_out": True, "email_state": "bounced"}, True, FinishReason.OPTED_OUT),
        ({"email_key": "", "email_state": "none"}, False, FinishReason.NO_EMAIL),
        ({"email_state": "bounced"}, True, FinishReason.BOUNCED),
        ({}, True, FinishReason.SUPPRESSED),
        ({"salesflow_state": "archived"}, False, FinishReason.ARCHIVED),
    ],
)
def test_the_weightiest_reason_ends_it(facts: dict[str, object], suppressed: bool, reason: FinishReason) -> None:
    closed = Wait(NOW + timedelta(hours=1), WaitingReason.BUSINESS_HOURS)
    assert decide(due(**facts), closed, suppressed) == End(reason)


def test_a_paused_salesflow_holds_it_whatever_the_hour() -> None:
    closed = Wait(NOW + timedelta(hours=1), WaitingReason.BUSINESS_HOURS)
    assert decide(due(salesflow_state="paused"), closed, suppressed=False) == Hold()


def test_nobody_is_ended_without_a_reason() -> None:
    @dataclass(frozen=True)
    class Anybody:
        deleted: bool = False
        opted_out: bool = False
        email_key: str = "ann@example.com"
        email_state: str = "ok"
        salesflow_state: str = "paused"

    assert ending(Anybody(), suppressed=False) is None


def test_without_a_mailbox_it_waits_for_one() -> None:
    assert opening(replace(SENDER, mailbox_id=None), NOW) == Wait(NOW + timedelta(minutes=5), WaitingReason.MAILBOX)


def test_the_switch_of_the_organization_comes_before_everything() -> None:
    paused = replace(SENDER, organization_paused=True, mailbox_id=None)
    decision = opening(paused, NOW)
    assert isinstance(decision, Wait)
    assert decision.reason is WaitingReason.ORGANIZATION_PAUSED


def test_outside_of_business_hours_it_waits_for_them() -> None:
    sender = replace(SENDER, hours=WorkingHours("America/New_York"))
    opens = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    assert opening(sender, NOW) == Wait(opens, WaitingReason.BUSINESS_HOURS)


def test_a_calendar_that_never_opens_is_looked_at_again_the_next_day() -> None:
    sender = replace(SENDER, hours=WorkingHours("UTC", {}))
    assert opening(sender, NOW) == Wait(NOW + timedelta(days=1), WaitingReason.BUSINESS_HOURS)
