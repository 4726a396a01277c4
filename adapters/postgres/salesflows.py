"""Salesflows, their revisions of steps, and the variants of those."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    any_,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.connection import Transaction
from adapters.postgres.paging import read_cursor, write_cursor
from adapters.postgres.tables import (
    ID,
    emails,
    enrollments,
    salesflow_steps,
    salesflows,
    step_runs,
    step_variants,
    users,
)
from domain.salesflows.delays import Delay, DelayUnit
from domain.salesflows.model import (
    Counts,
    Salesflow,
    SalesflowDetail,
    SalesflowState,
    SalesflowSummary,
    Step,
    Thread,
    Variant,
)
from domain.shared.errors import NotFound, VersionMismatch
from domain.shared.ids import OrganizationId, SalesflowId, StepId, UserId, VariantId
from domain.shared.paging import Page, PageRequest

ORDER = "salesflows"
RESUMED_AT_ONCE = 2_000


class PostgresSalesflows:
    """Implements domain.salesflows.ports.Salesflows."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None) -> None:
        self._transaction = transaction
        self._organization_id = organization_id

    async def add(self, salesflow: Salesflow) -> None:
        values = {"organization_id": self._organization_id, "id": salesflow.id, "created_at": salesflow.created_at}
        await self._transaction.execute(insert(salesflows).values(**values, **_columns(salesflow)))

    async def get(self, salesflow_id: SalesflowId, viewer: UserId | None = None) -> Salesflow:
        return await self._one(select(salesflows), salesflow_id, viewer)

    async def lock(self, salesflow_id: SalesflowId, viewer: UserId | None = None) -> Salesflow:
        return await self._one(select(salesflows).with_for_update(key_share=True), salesflow_id, viewer)

    async def hold(self, salesflow_id: SalesflowId, viewer: UserId | None = None) -> Salesflow:
        return await self._one(select(salesflows).with_for_update(read=True), salesflow_id, viewer)

    async def save(self, salesflow: Salesflow) -> None:
        statement = (
            update(salesflows)
            .where(salesflows.c.id == salesflow.id, salesflows.c.version == salesflow.version)
            .values(**{**_columns(salesflow), "version": salesflow.version + 1})
        )
        if (await self._transaction.execute(statement)).rowcount == 0:
            raise VersionMismatch

    async def remove(self, salesflow_id: SalesflowId) -> None:
        await self._transaction.execute(delete(salesflows).where(salesflows.c.id == salesflow_id))

    async def has_enrollments(self, salesflow_id: SalesflowId) -> bool:
        found = select(exists().where(enrollments.c.salesflow_id == salesflow_id))
        return bool((await self._transaction.execute(found)).scalar())

    async def page(self, page: PageRequest, viewer: UserId | None = None) -> Page[SalesflowSummary]:
        query = SUMMARIES.order_by(salesflows.c.created_at.desc(), salesflows.c.id.desc())
        if viewer:
            query = query.where(visible_to(viewer))
        if page.cursor:
            last = read_cursor(ORDER, page.cursor, (datetime, UUID))
            query = query.where(tuple_(salesflows.c.created_at, salesflows.c.id) < tuple_(*last))
        rows = (await self._transaction.execute(query.limit(page.limit + 1))).all()
        shown = rows[: page.limit]
        items = await self._summaries(shown)
        more = len(rows) > page.limit
        return Page(items, write_cursor(ORDER, (shown[-1].created_at, shown[-1].id)) if more else None)

    async def detail(self, salesflow_id: SalesflowId) -> SalesflowDetail:
        row = (await self._transaction.execute(SUMMARIES.where(salesflows.c.id == salesflow_id))).first()
        if row is None:
            raise NotFound("Salesflow")
        (summary,) = await self._summaries([row])
        return SalesflowDetail(summary, await self.steps(salesflow_id, row.revision))

    async def add_steps(self, salesflow_id: SalesflowId, revision: int, steps: Sequence[Step]) -> None:
        of_steps = [
            {
                "organization_id": self._organization_id,
                "id": step.id,
                "salesflow_id": salesflow_id,
                "revision": revision,
                "position": step.position,
                "kind": "email",
                "mode": "automatic",
                "delay_amount": step.delay.amount,
                "delay_unit": step.delay.unit.value,
                "thread": step.thread.value,
            }
            for step in steps
        ]
        of_variants = [
            {
                "organization_id": self._organization_id,
                "id": variant.id,
                "step_id": step.id,
                "position": position,
                "weight": variant.weight,
                "subject": variant.subject,
                "body_html": variant.body_html,
            }
            for step in steps
            for position, variant in enumerate(step.variants)
        ]
        await self._transaction.execute(insert(salesflow_steps), of_steps)
        await self._transaction.execute(insert(step_variants), of_variants)

    async def steps(self, salesflow_id: SalesflowId, revision: int) -> tuple[Step, ...]:
        query = STEPS.where(
            salesflow_steps.c.salesflow_id == salesflow_id, salesflow_steps.c.revision == revision
        ).order_by(salesflow_steps.c.position, step_variants.c.position)
        return steps_of((await self._transaction.execute(query)).all())

    async def resume(self, salesflow_id: SalesflowId, paused_at: datetime, now: datetime) -> None:
        # In batches, so that no statement runs into the limit, however many are enrolled.
        running = (
            select(enrollments.c.id)
            .where(enrollments.c.salesflow_id == salesflow_id, enrollments.c.state.in_(("active", "paused")))
            .order_by(enrollments.c.id)
            .limit(RESUMED_AT_ONCE)
            .with_for_update(key_share=True)
        )
        batch = (await self._transaction.execute(running)).scalars().all()
        while batch:
            await self._resume(batch, paused_at, now)
            batch = (await self._transaction.execute(running.where(enrollments.c.id > batch[-1]))).scalars().all()

    async def _resume(self, enrollment_ids: Sequence[UUID], paused_at: datetime, now: datetime) -> None:
        """Of enrollments that are locked: statements after the lock see what was committed before it."""
        asked = any_(literal(enrollment_ids, ARRAY(ID)))
        held = _held(paused_at, now)
        await self._transaction.execute(
            update(enrollments)
            .where(enrollments.c.id == asked, PLANNED.is_not(None))
            .values(due_at=PLANNED + held, held_due_at=None, counted_from=enrollments.c.counted_from + held)
        )
        await self._transaction.execute(
            update(emails)
            .where(emails.c.enrollment_id == asked, emails.c.state.in_(("ready", "drafted")), emails.c.due_at > now)
            .values(due_at=now)
        )

    async def _one(
        self, query: Select[tuple[object, ...]], salesflow_id: SalesflowId, viewer: UserId | None
    ) -> Salesflow:
        query = query.where(salesflows.c.id == salesflow_id)
        if viewer:
            query = query.where(visible_to(viewer))
        row = (await self._transaction.execute(query)).first()
        if row is None:
            raise NotFound("Salesflow")
        return _salesflow(row)

    async def _summaries(self, rows: Sequence[Row[tuple[object, ...]]]) -> list[SalesflowSummary]:
        counts = await self._counts([row.id for row in rows]) if rows else {}
        return [
            SalesflowSummary(_salesflow(row), row.owner_name, row.steps_count, counts.get(row.id, Counts()))
            for row in rows
        ]

    async def _counts(self, ids: Sequence[UUID]) -> dict[UUID, Counts]:
        """Of all Salesflows of a page in one statement."""
        journeys = (
            select(enrollments.c.salesflow_id, enrollments.c.state.label("what"), func.count().label("number"))
            .where(enrollments.c.salesflow_id.in_(ids))
            .group_by(enrollments.c.salesflow_id, enrollments.c.state)
        )
        outcomes = [
            select(emails.c.salesflow_id, literal(what), func.count())
            .where(emails.c.salesflow_id.in_(ids), true_of)
            .group_by(emails.c.salesflow_id)
            for what, true_of in OUTCOMES.items()
        ]
        found: dict[UUID, dict[str, int]] = {}
        for row in await self._transaction.execute(union_all(journeys, *outcomes)):
            found.setdefault(row.salesflow_id, {})[row.what] = row.number
        return {key: _counted(numbers) for key, numbers in found.items()}


# Written out, as the partial index has it: a prepared statement with a parameter here would not match it.
NEEDS_HUMAN = emails.c.state == literal_column("'needs_human'")
OUTCOMES = {
    "sent": emails.c.sent_at.is_not(None),
    "replied": emails.c.replied_at.is_not(None),
    "needs_human": NEEDS_HUMAN,
}
PLANNED = func.coalesce(enrollments.c.held_due_at, enrollments.c.due_at)
# When the delay of the current step began, where there was a step before.
PLANNED_AT = (
    select(step_runs.c.done_at)
    .where(
        step_runs.c.organization_id == enrollments.c.organization_id,
        step_runs.c.enrollment_id == enrollments.c.id,
        step_runs.c.position == enrollments.c.position - 1,
    )
    .scalar_subquery()
)


def _held(paused_at: datetime, now: datetime) -> ColumnElement[timedelta]:
    """How long the Salesflow's pause alone held an enrollment: since its step was planned, until its own hold."""
    at, until = literal(paused_at, enrollments.c.due_at.type), literal(now, enrollments.c.due_at.type)
    # Without a hold of its own `paused_at` is null, and nulls are passed over.
    held: ColumnElement[timedelta] = func.greatest(
        func.least(until, enrollments.c.paused_at) - func.greatest(at, PLANNED_AT), timedelta(0)
    )
    return held


def visible_to(viewer: UserId) -> ColumnElement[bool]:
    """Own ones, shared ones, and those through which contacts run in the viewer's name."""
    # An alias: the question may stand beside an enrollment, and is about any of them.
    theirs = enrollments.alias()
    takes_part = exists().where(
        theirs.c.organization_id == salesflows.c.organization_id,
        theirs.c.user_id == viewer,
        theirs.c.salesflow_id == salesflows.c.id,
    )
    return or_(salesflows.c.owner_id == viewer, salesflows.c.shared, takes_part)


STEPS_COUNT = (
    select(func.count())
    .select_from(salesflow_steps)
    .where(
        salesflow_steps.c.organization_id == salesflows.c.organization_id,
        salesflow_steps.c.salesflow_id == salesflows.c.id,
        salesflow_steps.c.revision == salesflows.c.revision,
    )
    .scalar_subquery()
)
SUMMARIES = select(salesflows, users.c.name.label("owner_name"), STEPS_COUNT.label("steps_count")).select_from(
    salesflows.outerjoin(
        users, and_(users.c.organization_id == salesflows.c.organization_id, users.c.id == salesflows.c.owner_id)
    )
)
STEPS = select(
    salesflow_steps.c.id,
    salesflow_steps.c.position,
    salesflow_steps.c.delay_amount,
    salesflow_steps.c.delay_unit,
    salesflow_steps.c.thread,
    step_variants.c.id.label("variant_id"),
    step_variants.c.weight,
    step_variants.c.subject,
    step_variants.c.body_html,
).select_from(
    salesflow_steps.join(
        step_variants,
        and_(
            step_variants.c.organization_id == salesflow_steps.c.organization_id,
            step_variants.c.step_id == salesflow_steps.c.id,
        ),
    )
)


def steps_of(rows: Sequence[Row[tuple[object, ...]]]) -> tuple[Step, ...]:
    """The steps of rows of STEPS, one row a variant, in the order of the rows."""
    variants: dict[UUID, list[Variant]] = {}
    first: dict[UUID, Row[tuple[object, ...]]] = {}
    for row in rows:
        first.setdefault(row.id, row)
        variant = Variant(VariantId(row.variant_id), row.weight, row.subject, row.body_html)
        variants.setdefault(row.id, []).append(variant)
    return tuple(
        Step(
            StepId(row.id),
            row.position,
            Delay(row.delay_amount, DelayUnit(row.delay_unit)),
            Thread(row.thread),
            tuple(variants[row.id]),
        )
        for row in first.values()
    )


def _columns(salesflow: Salesflow) -> dict[str, object]:
    return {
        "name": salesflow.name,
        "state": salesflow.state.value,
        "owner_id": salesflow.owner_id,
        "shared": salesflow.shared,
        "revision": salesflow.revision,
        "paused_at": salesflow.paused_at,
        "version": salesflow.version,
        "updated_at": salesflow.updated_at,
    }


def _salesflow(row: Row[tuple[object, ...]]) -> Salesflow:
    return Salesflow(
        id=SalesflowId(row.id),
        name=row.name,
        state=SalesflowState(row.state),
        owner_id=UserId(row.owner_id) if row.owner_id else None,
        shared=row.shared,
        revision=row.revision,
        paused_at=row.paused_at,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _counted(numbers: dict[str, int]) -> Counts:
    enrolled = sum(numbers.get(state, 0) for state in ("active", "paused", "finished"))
    return Counts(enrolled, **numbers)
