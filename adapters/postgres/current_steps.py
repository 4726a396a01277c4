"""What has become of the current steps of journeys."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from adapters.postgres.connection import Transaction
from adapters.postgres.tables import emails, step_runs
from domain.salesflows.joining import StepFate
from domain.shared.ids import EnrollmentId

LEAVING = ("sending", "unknown", "needs_human")
FATES = {"executing": StepFate.LEAVING, "cancelled": StepFate.CALLED_OFF, "failed": StepFate.FAILED}


class PostgresCurrentSteps:
    """Implements domain.salesflows.joining.CurrentSteps."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def leaving(self, enrollment_ids: Collection[EnrollmentId]) -> set[EnrollmentId]:
        query = select(emails.c.enrollment_id).where(
            emails.c.enrollment_id.in_(enrollment_ids), emails.c.state.in_(LEAVING)
        )
        return {EnrollmentId(row.enrollment_id) for row in (await self._transaction.execute(query)).all()}

    async def fate(self, enrollment_id: EnrollmentId, position: int) -> StepFate:
        query = select(step_runs.c.state).where(_of(enrollment_id, position))
        row = (await self._transaction.execute(query)).first()
        return FATES.get(row.state, StepFate.DONE) if row else StepFate.NOT_BEGUN

    async def forget(self, enrollment_id: EnrollmentId, position: int) -> None:
        runs = select(step_runs.c.id).where(_of(enrollment_id, position), step_runs.c.state == "cancelled")
        # The email stays, as its draft may still have to be deleted at the provider; its key is for the one to come.
        loosened = update(emails).where(emails.c.step_run_id.in_(runs), emails.c.state == "cancelled")
        key = func.concat(emails.c.send_key, "-", emails.c.id)
        await self._transaction.execute(loosened.values(step_run_id=None, send_key=key))
        await self._transaction.execute(delete(step_runs).where(step_runs.c.id.in_(runs)))


def _of(enrollment_id: EnrollmentId, position: int) -> ColumnElement[bool]:
    return and_(step_runs.c.enrollment_id == enrollment_id, step_runs.c.position == position)
