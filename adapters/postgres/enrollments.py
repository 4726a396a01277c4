"""Enrollments, their step runs, and the fate of their emails."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, any_, bindparam, func, literal, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.connection import Transaction
from adapters.postgres.merged_people import heirs_of
from adapters.postgres.paging import read_cursor, write_cursor
from adapters.postgres.salesflows import NEEDS_HUMAN, STEPS, steps_of, visible_to
from adapters.postgres.tables import (
    ID,
    contacts,
    emails,
    enrollments,
    mailboxes,
    organizations,
    salesflow_steps,
    salesflows,
    step_runs,
    users,
)
from domain.salesflows.model import (
    RUNNING,
    EmailUnderWay,
    Enrollment,
    EnrollmentEntry,
    EnrollmentState,
    GateFacts,
    SalesflowState,
    Step,
    WaitingReason,
)
from domain.shared.errors import NotFound
from domain.shared.ids import ContactId, EmailId, EnrollmentId, OrganizationId, SalesflowId, StepRunId, UserId
from domain.shared.paging import Page, PageRequest

ORDER = "enrollments"
MOST_OF_A_CONTACT = 200
STOPPABLE = ("ready", "drafted")


class PostgresEnrollments:
    """Implements domain.salesflows.ports.Enrollments."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None) -> None:
        self._transaction = transaction
        self._organization_id = organization_id

    async def lock_contacts(self, contact_ids: Iterable[ContactId]) -> None:
        # Not the strongest lock: rows that refer to the contact may still be added by others.
        locked = (
            select(contacts.c.id)
            .where(contacts.c.id == any_of(contact_ids))
            .order_by(contacts.c.id)
            .with_for_update(key_share=True)
        )
        await self._transaction.execute(locked)

    async def lock(self, enrollment_ids: Iterable[EnrollmentId]) -> dict[EnrollmentId, Enrollment]:
        asked = list(enrollment_ids)
        of = select(enrollments.c.contact_id).where(enrollments.c.id == any_of(asked))
        await self.lock_contacts(row.contact_id for row in (await self._transaction.execute(of)).all())
        return {found.id: found for found in await self._locked(enrollments.c.id == any_of(asked))}

    async def lock_running(self, contact_ids: Iterable[ContactId]) -> Sequence[Enrollment]:
        asked = list(contact_ids)
        await self.lock_contacts(asked)
        if heirs := await heirs_of(self._transaction, asked):
            await self.lock_contacts(heirs)
            asked += heirs
        return await self._locked(and_(enrollments.c.contact_id == any_of(asked), enrollments.c.state.in_(RUNNING)))

    async def running_in(self, salesflow_id: SalesflowId, limit: int) -> Sequence[EnrollmentId]:
        query = (
            select(enrollments.c.id)
            .where(enrollments.c.salesflow_id == salesflow_id, enrollments.c.state.in_(RUNNING))
            .order_by(enrollments.c.id)
            .limit(limit)
        )
        return [EnrollmentId(row.id) for row in (await self._transaction.execute(query)).all()]

    async def running_of(
        self, contact_ids: Sequence[ContactId], salesflow_id: SalesflowId
    ) -> dict[ContactId, tuple[SalesflowId, str]]:
        query = (
            select(enrollments.c.contact_id, enrollments.c.salesflow_id, salesflows.c.name)
            .select_from(enrollments.join(salesflows, _with_salesflow))
            .where(enrollments.c.contact_id == any_of(contact_ids), enrollments.c.state.in_(RUNNING))
            .order_by((enrollments.c.salesflow_id == salesflow_id).asc(), enrollments.c.id.desc())
        )
        rows = (await self._transaction.execute(query)).all()
        return {ContactId(row.contact_id): (SalesflowId(row.salesflow_id), row.name) for row in rows}

    async def add(self, enrollments_: Sequence[Enrollment]) -> set[EnrollmentId]:
        added: set[EnrollmentId] = set()
        statement = (
            postgresql.insert(enrollments)
            .on_conflict_do_nothing(
                index_elements=["organization_id", "salesflow_id", "contact_id"],
                # Written out: a prepared statement with parameters here no longer matches the partial index.
                index_where=enrollments.c.state.in_([literal_column(f"'{state.value}'") for state in RUNNING]),
            )
            .returning(enrollments.c.id)
        )
        rows = [{"organization_id": self._organization_id, "id": one.id, **_columns(one)} for one in enrollments_]
        if rows:
            result = await self._transaction.execute(statement, rows)
            added.update(EnrollmentId(row.id) for row in result)
        return added

    async def save(self, enrollments_: Sequence[Enrollment]) -> None:
        if not enrollments_:
            return
        values = [{"key": one.id, **{f"new_{name}": _columns(one)[name] for name in MUTABLE}} for one in enrollments_]
        await self._transaction.execute(SAVE, values)

    async def settle_run(self, step_run_id: StepRunId, state: str, at: datetime) -> bool:
        statement = (
            update(step_runs)
            .where(step_runs.c.id == step_run_id, step_runs.c.state == "executing")
            .values(state=state, done_at=at)
        )
        return (await self._transaction.execute(statement)).rowcount > 0

    async def cancel_emails(self, enrollment_ids: Sequence[EnrollmentId], reason: str, at: datetime) -> None:
        cancelled = (
            update(emails)
            .where(emails.c.enrollment_id == any_of(enrollment_ids), emails.c.state.in_(STOPPABLE))
            .values(state="cancelled", error=reason)
            .returning(emails.c.step_run_id)
        )
        runs = [row.step_run_id for row in (await self._transaction.execute(cancelled)).all()]
        if runs:
            of_runs = update(step_runs).where(step_runs.c.id == any_of(runs), step_runs.c.state == "executing")
            await self._transaction.execute(of_runs.values(state="cancelled", done_at=at))

    async def release_emails(self, enrollment_ids: Sequence[EnrollmentId], due_at: datetime) -> None:
        statement = (
            update(emails)
            .where(emails.c.enrollment_id == any_of(enrollment_ids), emails.c.state.in_(STOPPABLE))
            .values(due_at=due_at)
        )
        await self._transaction.execute(statement)

    async def next_step(self, enrollment: Enrollment) -> Step | None:
        query = STEPS.where(
            salesflow_steps.c.salesflow_id == enrollment.salesflow_id,
            salesflow_steps.c.revision == enrollment.revision,
            salesflow_steps.c.position == enrollment.position + 1,
        )
        found = steps_of((await self._transaction.execute(query)).all())
        return found[0] if found else None

    async def gate_facts(self, enrollment_ids: Sequence[EnrollmentId]) -> Sequence[GateFacts]:
        of = select(enrollments.c.salesflow_id).where(enrollments.c.id == any_of(enrollment_ids))
        salesflow_ids = [row.salesflow_id for row in (await self._transaction.execute(of)).all()]
        steady = (
            select(salesflows.c.id)
            .where(salesflows.c.id == any_of(salesflow_ids))
            .order_by(salesflows.c.id)
            .with_for_update(read=True)
        )
        await self._transaction.execute(steady)
        locked = await self.lock(enrollment_ids)
        # A statement of its own: it sees everything that was committed before the locks were ours. It holds the
        # organization as well, so that a pause of it comes before or after the answer, not in between.
        rows = (await self._transaction.execute(GATE_FACTS.where(enrollments.c.id == any_of(enrollment_ids)))).all()
        return [_gate_facts(row, locked[EnrollmentId(row.id)]) for row in rows]

    async def page(
        self,
        salesflow_id: SalesflowId,
        state: EnrollmentState | None,
        page: PageRequest,
        viewer: UserId | None = None,
        *,
        needs_human: bool = False,
    ) -> Page[EnrollmentEntry]:
        query = ENTRIES.where(enrollments.c.salesflow_id == salesflow_id).order_by(enrollments.c.id.desc())
        if state:
            query = query.where(enrollments.c.state == state)
        if needs_human:
            waiting = select(emails.c.enrollment_id).where(emails.c.salesflow_id == salesflow_id, NEEDS_HUMAN)
            query = query.where(enrollments.c.id.in_(waiting))
        if viewer:
            query = query.where(or_(enrollments.c.user_id == viewer, enrollments.c.started_by == viewer))
        if page.cursor:
            query = query.where(enrollments.c.id < read_cursor(ORDER, page.cursor, (UUID,))[0])
        rows = (await self._transaction.execute(query.limit(page.limit + 1))).all()
        shown = rows[: page.limit]
        more = len(rows) > page.limit
        return Page([_entry(row) for row in shown], write_cursor(ORDER, (shown[-1].id,)) if more else None)

    async def entry(self, enrollment_id: EnrollmentId) -> EnrollmentEntry:
        row = (await self._transaction.execute(ENTRIES.where(enrollments.c.id == enrollment_id))).first()
        if row is None:
            raise NotFound("enrollment")
        return _entry(row)

    async def of_contact(self, contact_id: ContactId, viewer: UserId | None = None) -> Sequence[EnrollmentEntry]:
        query = ENTRIES.where(enrollments.c.contact_id == contact_id).order_by(enrollments.c.id.desc())
        shown = visible_to(viewer) if viewer else literal(True)
        rows = (await self._transaction.execute(query.add_columns(shown.label("shown")).limit(MOST_OF_A_CONTACT))).all()
        return [_entry(row) if row.shown else replace(_entry(row), salesflow_name=None) for row in rows]

    async def lacking_data(self, contact_id: ContactId) -> Sequence[EnrollmentId]:
        query = select(enrollments.c.id).where(
            enrollments.c.contact_id == contact_id,
            enrollments.c.state == "paused",
            enrollments.c.reason == "needs_data",
        )
        return [EnrollmentId(row.id) for row in (await self._transaction.execute(query)).all()]

    async def _locked(self, which: Any) -> list[Enrollment]:
        query = select(enrollments).where(which).order_by(enrollments.c.id).with_for_update()
        return [enrollment_of(row) for row in (await self._transaction.execute(query)).all()]


def any_of(ids: Iterable[UUID]) -> Any:
    """`= any(array)`: one parameter, however many ids."""
    return any_(literal(list(ids), ARRAY(ID)))


# What happens to an enrollment after it was started.
MUTABLE = (
    "state",
    "reason",
    "position",
    "due_at",
    "waiting",
    "held_due_at",
    "counted_from",
    "missing_fields",
    "paused_at",
    "resume_at",
    "finished_at",
)
SAVE = (
    update(enrollments)
    .where(enrollments.c.id == bindparam("key"))
    .values({name: bindparam(f"new_{name}", type_=enrollments.c[name].type) for name in MUTABLE})
)

_with_contact = and_(
    contacts.c.organization_id == enrollments.c.organization_id, contacts.c.id == enrollments.c.contact_id
)
_with_salesflow = and_(
    salesflows.c.organization_id == enrollments.c.organization_id, salesflows.c.id == enrollments.c.salesflow_id
)
GATE_FACTS = (
    select(
        enrollments.c.id,
        salesflows.c.state.label("salesflow_state"),
        contacts.c.email_key,
        contacts.c.email_state,
        contacts.c.opted_out_at,
        contacts.c.deleted_at,
        organizations.c.dispatch_paused,
    )
    .select_from(
        enrollments.join(contacts, _with_contact)
        .join(salesflows, _with_salesflow)
        .join(organizations, organizations.c.id == enrollments.c.organization_id)
    )
    .with_for_update(read=True, of=organizations)
)

# The email of the current step that has not left, if there is one.
_under_way = (
    select(emails.c.id, emails.c.state, emails.c.due_at, mailboxes.c.state.label("mailbox_state"))
    .select_from(
        emails.join(
            mailboxes,
            and_(mailboxes.c.organization_id == emails.c.organization_id, mailboxes.c.id == emails.c.mailbox_id),
        )
    )
    .where(
        emails.c.organization_id == enrollments.c.organization_id,
        emails.c.enrollment_id == enrollments.c.id,
        emails.c.state.in_((*STOPPABLE, "sending", "unknown", "needs_human")),
    )
    .order_by(emails.c.id.desc())
    .limit(1)
    .lateral("under_way")
)
_steps_count = (
    select(func.count())
    .select_from(salesflow_steps)
    .where(
        salesflow_steps.c.organization_id == enrollments.c.organization_id,
        salesflow_steps.c.salesflow_id == enrollments.c.salesflow_id,
        salesflow_steps.c.revision == enrollments.c.revision,
    )
    .scalar_subquery()
)
ENTRIES = select(
    enrollments,
    salesflows.c.name.label("salesflow_name"),
    salesflows.c.state.label("salesflow_state"),
    _steps_count.label("steps_count"),
    contacts.c.first_name,
    contacts.c.last_name,
    contacts.c.email.label("contact_email"),
    contacts.c.company.label("contact_company"),
    users.c.name.label("user_name"),
    _under_way.c.id.label("email_id"),
    _under_way.c.state.label("email_state"),
    _under_way.c.due_at.label("email_due_at"),
    _under_way.c.mailbox_state,
).select_from(
    enrollments.join(contacts, _with_contact)
    .join(salesflows, _with_salesflow)
    .join(users, and_(users.c.organization_id == enrollments.c.organization_id, users.c.id == enrollments.c.user_id))
    .outerjoin(_under_way, literal(True))
)


def enrollment_of(row: Row[tuple[object, ...]]) -> Enrollment:
    return Enrollment(
        id=EnrollmentId(row.id),
        salesflow_id=SalesflowId(row.salesflow_id),
        revision=row.revision,
        contact_id=ContactId(row.contact_id),
        user_id=UserId(row.user_id),
        started_by=UserId(row.started_by),
        state=EnrollmentState(row.state),
        started_at=row.started_at,
        position=row.position,
        reason=row.reason,
        due_at=row.due_at,
        waiting=WaitingReason(row.waiting) if row.waiting else None,
        held_due_at=row.held_due_at,
        missing_fields=tuple(row.missing_fields),
        paused_at=row.paused_at,
        resume_at=row.resume_at,
        start_at=row.start_at,
        counted_from=row.counted_from,
        finished_at=row.finished_at,
    )


def _columns(enrollment: Enrollment) -> dict[str, object]:
    return {
        "salesflow_id": enrollment.salesflow_id,
        "revision": enrollment.revision,
        "contact_id": enrollment.contact_id,
        "user_id": enrollment.user_id,
        "started_by": enrollment.started_by,
        "state": enrollment.state.value,
        "reason": enrollment.reason,
        "position": enrollment.position,
        "due_at": enrollment.due_at,
        "waiting": enrollment.waiting.value if enrollment.waiting else None,
        "held_due_at": enrollment.held_due_at,
        "missing_fields": list(enrollment.missing_fields),
        "paused_at": enrollment.paused_at,
        "resume_at": enrollment.resume_at,
        "start_at": enrollment.start_at,
        "counted_from": enrollment.counted_from,
        "started_at": enrollment.started_at,
        "finished_at": enrollment.finished_at,
    }


def _gate_facts(row: Row[tuple[object, ...]], enrollment: Enrollment) -> GateFacts:
    return GateFacts(
        enrollment=enrollment,
        salesflow_state=SalesflowState(row.salesflow_state),
        email_key=row.email_key,
        email_state=row.email_state,
        opted_out=row.opted_out_at is not None,
        deleted=row.deleted_at is not None,
        organization_paused=row.dispatch_paused,
    )


def _entry(row: Row[tuple[object, ...]]) -> EnrollmentEntry:
    under_way = (
        EmailUnderWay(EmailId(row.email_id), row.email_state, row.email_due_at, row.mailbox_state)
        if row.email_id
        else None
    )
    return EnrollmentEntry(
        enrollment=enrollment_of(row),
        salesflow_name=row.salesflow_name,
        salesflow_state=SalesflowState(row.salesflow_state),
        steps_count=row.steps_count,
        contact_name=" ".join(part for part in (row.first_name, row.last_name) if part),
        contact_email=row.contact_email,
        contact_company=row.contact_company,
        user_name=row.user_name,
        under_way=under_way,
    )
