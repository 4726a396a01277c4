"""Why nothing happens to an enrollment at the moment, and until when; the same answer for as long as it is true."""

from datetime import datetime

from domain.accounts.working_hours import WorkingHours
from domain.salesflows.model import (
    EmailUnderWay,
    Enrollment,
    EnrollmentEntry,
    EnrollmentState,
    SalesflowState,
    Waiting,
    WaitingReason,
)


def explained(entry: EnrollmentEntry, hours: WorkingHours | None, now: datetime) -> Waiting | None:
    """None for a journey that is over. `hours` are the sender's; without them business hours are not named."""
    enrollment = entry.enrollment
    match enrollment.state:
        case EnrollmentState.FINISHED:
            return None
        case EnrollmentState.PAUSED:
            reason = WaitingReason(enrollment.reason or WaitingReason.MANUAL)
            return Waiting(reason, enrollment.resume_at, enrollment.missing_fields)
    if entry.email_to_settle:
        return Waiting(WaitingReason.NEEDS_HUMAN)
    if entry.salesflow_state is not SalesflowState.ACTIVE:
        return Waiting(WaitingReason.SALESFLOW_PAUSED)
    if entry.under_way:
        return _email(entry.under_way, hours, now)
    return _planned(enrollment, now)


def _planned(enrollment: Enrollment, now: datetime) -> Waiting:
    due = enrollment.due_at
    if due is None or due <= now:
        return Waiting(WaitingReason.SENDING, due)
    if enrollment.start_at and enrollment.start_at > now:
        return Waiting(WaitingReason.START_TIME, enrollment.start_at)
    if enrollment.waiting is WaitingReason.MAILBOX:
        return Waiting(WaitingReason.MAILBOX)
    return Waiting(enrollment.waiting or WaitingReason.DELAY, due)


def _email(email: EmailUnderWay, hours: WorkingHours | None, now: datetime) -> Waiting:
    if email.state in ("ready", "drafted"):
        if email.mailbox_state != "connected":
            return Waiting(WaitingReason.MAILBOX)
        if email.due_at > now:
            closed = hours is not None and not hours.is_open(now)
            return Waiting(WaitingReason.BUSINESS_HOURS if closed else WaitingReason.MAILBOX_LIMIT, email.due_at)
    return Waiting(WaitingReason.SENDING)
