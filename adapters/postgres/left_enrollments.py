"""Enrollments of somebody who leaves, by the set: held, and given to a colleague together with their unsent emails."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select, text

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.enrollments import PostgresEnrollments, any_of, enrollment_of
from adapters.postgres.tables import enrollments, salesflows, users
from domain.accounts.model import UserState
from domain.salesflows.handing_over import LeftSalesflow, Waiting
from domain.salesflows.model import RUNNING, Enrollment
from domain.shared.ids import EnrollmentId, MailboxId, OrganizationId, SalesflowId, UserId

# A contact who is out of office stays so: the rest of the absence counts as held from the start, and what is held after
# that is counted from its end.
HOLD = CompiledStatement(
    text(
        """
with asked as (
  select organization_id, id,
    case when reason = 'out_of_office' and resume_at > :at then resume_at end as back
  from enrollments
  where id = any(cast(:ids as uuid[])) and (state = 'active' or (state = 'paused' and reason is distinct from 'manual'))
)
update enrollments
set state = 'paused', reason = 'sender_left', missing_fields = '{}', resume_at = null,
  due_at = case when back is null then due_at else greatest(due_at + (back - paused_at), back) end,
  held_due_at = case when back is null then held_due_at else greatest(held_due_at + (back - paused_at), back) end,
  counted_from = case when back is null then counted_from else counted_from + (back - paused_at) end,
  paused_at = coalesce(back, paused_at, :at)
from asked
where enrollments.organization_id = asked.organization_id and enrollments.id = asked.id
returning enrollments.id
"""
    )
)
# Before the enrollments themselves, which know how long they were held until these are written.
EMAILS = CompiledStatement(
    text(
        """
update emails set user_id = :to, mailbox_id = :mailbox_id, state = 'ready', draft_id = null, subject = null,
  html = null, body = null, mime = null, to_address = null, from_address = null, thread_id = null, reference_ids = '{}',
  due_at = greatest(:now, case when enrollments.reason = 'sender_left' then enrollments.paused_at end)
from enrollments
where enrollments.id = any(cast(:ids as uuid[]))
  and emails.organization_id = enrollments.organization_id and emails.enrollment_id = enrollments.id
  and emails.state in ('ready', 'drafted')
"""
    )
)
# As dispatch resumes: what a pause of the Salesflow itself covers is given when that one ends.
GIVE = CompiledStatement(
    text(
        """
with asked as (
  select enrollments.organization_id, enrollments.id, enrollments.reason = 'sender_left' as waited,
    greatest(least(:now, salesflows.paused_at) - enrollments.paused_at, interval '0') as held
  from enrollments
  join salesflows on salesflows.organization_id = enrollments.organization_id
    and salesflows.id = enrollments.salesflow_id
  where enrollments.id = any(cast(:ids as uuid[]))
), waiting as (
  update enrollments
  set user_id = :to, state = 'active', reason = null, due_at = coalesce(held_due_at, due_at) + asked.held,
    held_due_at = null, counted_from = counted_from + asked.held, paused_at = null
  from asked
  where enrollments.organization_id = asked.organization_id and enrollments.id = asked.id and asked.waited
  returning enrollments.id
), others as (
  update enrollments
  set user_id = :to
  from asked
  where enrollments.organization_id = asked.organization_id and enrollments.id = asked.id and asked.waited is not true
)
select id from waiting
"""
    )
)


class PostgresLeftEnrollments:
    """Implements domain.salesflows.handing_over.LeftEnrollments."""

    def __init__(self, transaction: Transaction, organization_id: OrganizationId | None) -> None:
        self._transaction = transaction
        self._enrollments = PostgresEnrollments(transaction, organization_id)

    async def by_salesflow(self, user_id: UserId) -> Sequence[LeftSalesflow]:
        of_salesflow = and_(
            salesflows.c.organization_id == enrollments.c.organization_id, salesflows.c.id == enrollments.c.salesflow_id
        )
        query = (
            select(salesflows.c.id, salesflows.c.name, func.count().label("enrollments"))
            .select_from(enrollments.join(salesflows, of_salesflow))
            .where(enrollments.c.user_id == user_id, enrollments.c.state.in_(RUNNING))
            .group_by(salesflows.c.organization_id, salesflows.c.id, salesflows.c.name)
            .order_by(salesflows.c.name, salesflows.c.id)
        )
        rows = (await self._transaction.execute(query)).all()
        return [LeftSalesflow(SalesflowId(row.id), row.name, row.enrollments) for row in rows]

    async def waiting(self) -> Sequence[Waiting]:
        of_user = and_(users.c.organization_id == enrollments.c.organization_id, users.c.id == enrollments.c.user_id)
        query = (
            select(users.c.id, users.c.name, users.c.email, func.count().label("enrollments"))
            .select_from(users.join(enrollments, of_user))
            .where(users.c.state == UserState.DELETED, enrollments.c.state.in_(RUNNING))
            .group_by(users.c.organization_id, users.c.id, users.c.name, users.c.email)
            .order_by(users.c.name, users.c.id)
        )
        rows = (await self._transaction.execute(query)).all()
        return [Waiting(UserId(row.id), row.name, row.email, row.enrollments) for row in rows]

    async def lock(self, user_id: UserId) -> Sequence[EnrollmentId]:
        running = and_(enrollments.c.user_id == user_id, enrollments.c.state.in_(RUNNING))
        query = select(enrollments.c.salesflow_id, enrollments.c.contact_id).where(running)
        rows = (await self._transaction.execute(query)).all()
        steady = select(salesflows.c.id).where(salesflows.c.id == any_of({row.salesflow_id for row in rows}))
        await self._transaction.execute(steady.order_by(salesflows.c.id).with_for_update(read=True))
        await self._enrollments.lock_contacts({row.contact_id for row in rows})
        locked = select(enrollments.c.id).where(running).order_by(enrollments.c.id).with_for_update(key_share=True)
        return [EnrollmentId(row.id) for row in (await self._transaction.execute(locked)).all()]

    async def hold(self, enrollment_ids: Sequence[EnrollmentId], at: datetime) -> Sequence[Enrollment]:
        held = await self._transaction.fetch(HOLD, ids=list(enrollment_ids), at=at)
        return await self._now([row["id"] for row in held])

    async def give(
        self, enrollment_ids: Sequence[EnrollmentId], to: UserId, mailbox_id: MailboxId, now: datetime
    ) -> Sequence[Enrollment]:
        ids = list(enrollment_ids)
        await self._transaction.fetch(EMAILS, ids=ids, to=to, mailbox_id=mailbox_id, now=now)
        going_on = await self._transaction.fetch(GIVE, ids=ids, to=to, now=now)
        return await self._now([row["id"] for row in going_on])

    async def _now(self, ids: Sequence[UUID]) -> Sequence[Enrollment]:
        query = select(enrollments).where(enrollments.c.id == any_of(ids)).order_by(enrollments.c.id)
        return [enrollment_of(row) for row in (await self._transaction.execute(query)).all()]
