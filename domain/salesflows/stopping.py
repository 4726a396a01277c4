"""Ending journeys: the one way in which an enrollment becomes finished outside of the dispatcher."""

from collections.abc import Sequence
from datetime import datetime

from domain.activities.model import Activity, ActivityType
from domain.salesflows import journey
from domain.salesflows.model import Enrollment, FinishReason
from domain.salesflows.ports import SalesflowUnit


async def finish(
    unit: SalesflowUnit, enrollments: Sequence[Enrollment], reason: FinishReason, at: datetime
) -> Sequence[Enrollment]:
    """Finishes those that still run, in the caller's transaction, and calls off what is not with the provider yet.

    The enrollments have to be locked by this unit; an email that is being sent runs out. May be repeated.
    """
    over = [journey.finished(enrollment, reason, at) for enrollment in enrollments if enrollment.is_running]
    if over:
        await unit.enrollments.save(over)
        await unit.enrollments.cancel_emails([enrollment.id for enrollment in over], reason.value, at)
        await unit.activities.append(
            happened(ActivityType.SALESFLOW_FINISHED, enrollment, at, reason=reason.value) for enrollment in over
        )
    return over


def happened(type_: ActivityType, enrollment: Enrollment, at: datetime, **detail: str | None) -> Activity:
    """An activity of an enrollment."""
    return Activity(
        type=type_,
        at=at,
        contact_id=enrollment.contact_id,
        user_id=enrollment.user_id,
        salesflow_id=enrollment.salesflow_id,
        enrollment_id=enrollment.id,
        detail=detail,
    )
