"""What is planned in the name of a user, by the set: found, and moved when the user's hours change."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text, update

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.enrollments import STOPPABLE, any_of
from adapters.postgres.tables import emails
from domain.salesflows.delays import Delay, DelayUnit
from domain.salesflows.replanning import PlannedStep, Replanned
from domain.shared.ids import EnrollmentId, UserId

BEGINNING = EnrollmentId(UUID(int=0))
LOCK = CompiledStatement(
    text(
        """
select id from enrollments
where user_id = :user_id and state in ('active', 'paused') and id > :after
order by id
limit :limit
for no key update
"""
    )
)
# Who waits for a mailbox or for the organization is looked at again in minutes, by the hours of that moment.
PLANNED = CompiledStatement(
    text(
        """
select enrollments.id, enrollments.counted_from, steps.delay_amount, steps.delay_unit
from enrollments
join salesflow_steps as steps on steps.organization_id = enrollments.organization_id
  and steps.salesflow_id = enrollments.salesflow_id and steps.revision = enrollments.revision
  and steps.position = enrollments.position
where enrollments.id = any(cast(:ids as uuid[])) and enrollments.counted_from is not null
  and (enrollments.due_at is not null or enrollments.held_due_at is not null)
  and (enrollments.waiting is null or enrollments.waiting in ('delay', 'business_hours'))
"""
    )
)
MOVE = CompiledStatement(
    text(
        """
update enrollments
set due_at = case when held_due_at is null then moved.due_at end,
  held_due_at = case when held_due_at is not null then moved.due_at end, waiting = moved.waiting
from unnest(cast(:ids as uuid[]), cast(:due_ats as timestamptz[]), cast(:waitings as text[]))
  as moved (id, due_at, waiting)
where enrollments.id = moved.id
  and (coalesce(held_due_at, enrollments.due_at), enrollments.waiting) is distinct from (moved.due_at, moved.waiting)
"""
    )
)


class PostgresPlannedSteps:
    """Implements domain.salesflows.replanning.PlannedSteps. Enrollments are locked first, their emails after that."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def lock(self, user_id: UserId, after: EnrollmentId | None, limit: int) -> Sequence[EnrollmentId]:
        rows = await self._transaction.fetch(LOCK, user_id=user_id, after=after or BEGINNING, limit=limit)
        return [EnrollmentId(row["id"]) for row in rows]

    async def of(self, enrollment_ids: Sequence[EnrollmentId]) -> Sequence[PlannedStep]:
        rows = await self._transaction.fetch(PLANNED, ids=list(enrollment_ids))
        return [
            PlannedStep(
                EnrollmentId(row["id"]), row["counted_from"], Delay(row["delay_amount"], DelayUnit(row["delay_unit"]))
            )
            for row in rows
        ]

    async def move(self, replanned: Sequence[Replanned]) -> None:
        ids, due_ats, waitings = zip(*replanned, strict=True) if replanned else ((), (), ())
        await self._transaction.fetch(MOVE, ids=ids, due_ats=due_ats, waitings=waitings)

    async def bring_forward(self, enrollment_ids: Sequence[EnrollmentId], to: datetime) -> None:
        statement = (
            update(emails)
            .where(
                emails.c.enrollment_id == any_of(enrollment_ids), emails.c.state.in_(STOPPABLE), emails.c.due_at > to
            )
            .values(due_at=to)
        )
        await self._transaction.execute(statement)
