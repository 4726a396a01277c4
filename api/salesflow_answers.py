"""What is answered about Salesflows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from api.models import Answer, Named
from domain.emails.merge_fields import MergeField
from domain.salesflows.delays import DelayUnit
from domain.salesflows.enrolling import Enrolled, LeftOut, Reason
from domain.salesflows.model import (
    EnrollmentEntry,
    EnrollmentState,
    SalesflowDetail,
    SalesflowState,
    SalesflowSummary,
    Step,
    Thread,
    WaitingReason,
)
from domain.salesflows.next_steps import NextStep
from domain.salesflows.stats import EmailFigures, Stats, StepStats, VariantStats


class CountsAnswer(Answer):
    """How many contacts are where, how many emails left and were replied to, and of how many only a person can tell
    whether they left."""

    enrolled: int
    active: int
    paused: int
    finished: int
    sent: int
    replied: int
    needs_human: int


class DelayAnswer(Answer):
    """The wait before a step."""

    amount: int
    unit: DelayUnit


class VariantAnswer(Answer):
    """One wording of a step."""

    id: UUID
    weight: int
    subject: str
    body_html: str


class StepAnswer(Answer):
    """A step of the current revision."""

    id: UUID
    position: int
    kind: Literal["email"] = "email"
    mode: Literal["automatic"] = "automatic"
    delay: DelayAnswer
    thread: Thread
    variants: list[VariantAnswer]


class SalesflowAnswer(Answer):
    """A Salesflow as lists show it."""

    id: UUID
    name: str
    state: SalesflowState
    owner: Named | None
    shared: bool
    steps_count: int
    counts: CountsAnswer
    created_at: datetime
    updated_at: datetime
    version: int


class SalesflowDetailAnswer(SalesflowAnswer):
    """A Salesflow with its steps."""

    steps: list[StepAnswer]


class SalesflowPage(Answer):
    """Some Salesflows, newest first."""

    items: list[SalesflowAnswer]
    next_cursor: str | None


class MergeFieldAnswer(Answer):
    """What a template can name."""

    name: str
    label: str
    sample: str


class MergeFieldList(Answer):
    """All of them."""

    items: list[MergeFieldAnswer]
    next_cursor: str | None = None


class PreviewAnswer(Answer):
    """The email as it would be; a missing field shows as its label in brackets."""

    subject: str
    html: str
    text: str
    missing: list[str]


class LeftOutAnswer(Answer):
    """A contact that was not enrolled, and why."""

    contact_id: UUID
    name: str
    reason: Reason
    detail: str | None


class EnrolledAnswer(Answer):
    """What came of it, or would come of it with `dry_run`."""

    enrolled: int
    left_out: list[LeftOutAnswer]
    dry_run: bool
    first_due_at: datetime | None


class EnrolledContact(Answer):
    """Who walks through the Salesflow."""

    id: UUID
    name: str
    email: str | None
    company: str | None


class StepOf(Answer):
    """The step that comes next or is under way, of how many."""

    position: int
    of: int


class WaitingAnswer(Answer):
    """Why nothing happens at the moment, until when if that is known, and which fields are missing."""

    reason: WaitingReason
    until: datetime | None
    fields: list[str]


class JourneyAnswer(Answer):
    """One contact's journey, whatever it leads through."""

    id: UUID
    contact_id: UUID
    contact: EnrolledContact
    user: Named
    state: EnrollmentState
    reason: str | None
    step: StepOf
    due_at: datetime | None
    waiting: WaitingAnswer | None
    email_to_settle: UUID | None = Field(
        description="The email of which only a person can tell whether it has left: see its settlement."
    )
    started_at: datetime
    finished_at: datetime | None


class EnrollmentAnswer(JourneyAnswer):
    """One contact's journey through one Salesflow."""

    salesflow: Named


class EnrollmentPage(Answer):
    """Some enrollments, newest first."""

    items: list[EnrollmentAnswer]
    next_cursor: str | None


class ContactEnrollmentAnswer(JourneyAnswer):
    """One of a contact's journeys. One through a Salesflow that you may not see can't be held, resumed or ended."""

    salesflow: Named | None = Field(description="Null for a Salesflow of others that you may not see.")


class ContactEnrollmentPage(Answer):
    """A contact's journeys, newest first."""

    items: list[ContactEnrollmentAnswer]
    next_cursor: str | None


class NextStepAnswer(Answer):
    """A step that is planned or under way; `due_at` is null where nobody knows when it comes."""

    enrollment_id: UUID
    salesflow: Named | None = Field(description="Null for a Salesflow of others that you may not see.")
    user: Named
    kind: Literal["email"] = "email"
    step: StepOf
    due_at: datetime | None
    waiting: WaitingAnswer | None


class NextStepList(Answer):
    """All of them, the next in time first."""

    items: list[NextStepAnswer]
    next_cursor: str | None = None


class FiguresAnswer(Answer):
    """Emails by what became of them."""

    sent: int
    delivered: int
    opened: int
    clicked: int
    replied: int
    bounced: int
    unsubscribed: int


class VariantStatsAnswer(FiguresAnswer):
    """What came of one wording."""

    id: UUID
    weight: int
    subject: str


class StepStatsAnswer(FiguresAnswer):
    """What came of one step, over all its revisions."""

    position: int
    subject: str
    variants: list[VariantStatsAnswer]


class StatsAnswer(FiguresAnswer):
    """What came of a Salesflow."""

    enrolled: int
    active: int
    paused: int
    finished: int
    steps: list[StepStatsAnswer]


def _summary(shown: SalesflowSummary) -> dict[str, Any]:
    flow = shown.salesflow
    owner = Named(id=str(flow.owner_id), name=shown.owner_name) if flow.owner_id and shown.owner_name else None
    return {
        "id": flow.id,
        "name": flow.name,
        "state": flow.state,
        "owner": owner,
        "shared": flow.shared,
        "steps_count": shown.steps_count,
        "counts": CountsAnswer.model_validate(shown.counts),
        "created_at": flow.created_at,
        "updated_at": flow.updated_at,
        "version": flow.version,
    }


def salesflow(shown: SalesflowSummary) -> SalesflowAnswer:
    return SalesflowAnswer(**_summary(shown))


def detail(shown: SalesflowDetail) -> SalesflowDetailAnswer:
    return SalesflowDetailAnswer(**_summary(shown.summary), steps=[_step(step) for step in shown.steps])


def _step(step: Step) -> StepAnswer:
    return StepAnswer(
        id=step.id,
        position=step.position,
        delay=DelayAnswer.model_validate(step.delay),
        thread=step.thread,
        variants=[VariantAnswer.model_validate(variant) for variant in step.variants],
    )


def merge_fields(fields: Sequence[MergeField]) -> MergeFieldList:
    return MergeFieldList(items=[MergeFieldAnswer.model_validate(field) for field in fields])


def enrolled(came: Enrolled) -> EnrolledAnswer:
    return EnrolledAnswer(
        enrolled=came.enrolled,
        left_out=[_left_out(one) for one in came.left_out],
        dry_run=came.dry_run,
        first_due_at=came.first_due_at,
    )


def _left_out(one: LeftOut) -> LeftOutAnswer:
    return LeftOutAnswer.model_validate(one)


def enrollment(entry: EnrollmentEntry) -> EnrollmentAnswer:
    salesflow = _salesflow_of(entry)
    # Only a contact's journeys are shown to people who may not see all of their Salesflows.
    assert salesflow is not None
    return EnrollmentAnswer(**_journey(entry), salesflow=salesflow)


def contact_enrollment(entry: EnrollmentEntry) -> ContactEnrollmentAnswer:
    return ContactEnrollmentAnswer(**_journey(entry), salesflow=_salesflow_of(entry))


def next_step(step: NextStep) -> NextStepAnswer:
    one = step.entry.enrollment
    return NextStepAnswer(
        enrollment_id=one.id,
        salesflow=_salesflow_of(step.entry),
        user=Named(id=str(one.user_id), name=step.entry.user_name),
        step=StepOf(position=one.position, of=step.entry.steps_count),
        due_at=step.due_at,
        waiting=WaitingAnswer.model_validate(step.waiting) if step.waiting else None,
    )


def _salesflow_of(entry: EnrollmentEntry) -> Named | None:
    name = entry.salesflow_name
    return None if name is None else Named(id=str(entry.enrollment.salesflow_id), name=name)


def _journey(entry: EnrollmentEntry) -> dict[str, Any]:
    one, waiting = entry.enrollment, entry.waiting
    return {
        "id": one.id,
        "contact_id": one.contact_id,
        "contact": EnrolledContact(
            id=one.contact_id, name=entry.contact_name, email=entry.contact_email, company=entry.contact_company
        ),
        "user": Named(id=str(one.user_id), name=entry.user_name),
        "state": one.state,
        "reason": one.reason,
        "step": StepOf(position=one.position, of=entry.steps_count),
        "due_at": one.due_at,
        "waiting": WaitingAnswer.model_validate(waiting) if waiting else None,
        "email_to_settle": entry.email_to_settle,
        "started_at": one.started_at,
        "finished_at": one.finished_at,
    }


def stats(found: Stats) -> StatsAnswer:
    journeys = found.enrollments
    return StatsAnswer(
        **_figures(found.emails),
        enrolled=journeys.enrolled,
        active=journeys.active,
        paused=journeys.paused,
        finished=journeys.finished,
        steps=[_step_stats(step) for step in found.steps],
    )


def _step_stats(step: StepStats) -> StepStatsAnswer:
    return StepStatsAnswer(
        **_figures(step.emails),
        position=step.position,
        subject=step.subject,
        variants=[_variant_stats(variant) for variant in step.variants],
    )


def _variant_stats(variant: VariantStats) -> VariantStatsAnswer:
    return VariantStatsAnswer(**_figures(variant.emails), id=variant.id, weight=variant.weight, subject=variant.subject)


def _figures(emails: EmailFigures) -> dict[str, int]:
    return {name: getattr(emails, name) for name in FiguresAnswer.model_fields}
