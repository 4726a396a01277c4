"""The outbox: jobs are written with what makes them necessary, and handed to the queue after the commit."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from adapters.postgres.connection import Transaction
from adapters.postgres.tables import outbox_jobs
from domain.shared.clock import Clock
from domain.shared.ids import Ids, OrganizationId
from domain.shared.jobs import Job


class OutboxJobs:
    """Implements domain.shared.jobs.Jobs."""

    def __init__(self, transaction: Transaction, ids: Ids, clock: Clock) -> None:
        self._transaction = transaction
        self._ids = ids
        self._clock = clock

    async def put(self, *jobs: Job) -> None:
        if not jobs:
            return
        now = self._clock.system()
        rows = [
            {
                "organization_id": job.organization_id,
                "id": self._ids.new(),
                "kind": job.kind,
                "payload": job.payload,
                "created_at": now,
            }
            for job in jobs
        ]
        await self._transaction.execute(insert(outbox_jobs), rows)

    async def take(self, limit: int) -> Sequence[tuple[str, Job]]:
        """The oldest jobs with their ids, removed: they come back if the transaction does not commit."""
        oldest = select(outbox_jobs.c.id).order_by(outbox_jobs.c.id).limit(limit).with_for_update(skip_locked=True)
        taken = delete(outbox_jobs).where(outbox_jobs.c.id.in_(oldest)).returning(outbox_jobs)
        rows = (await self._transaction.execute(taken)).all()
        return [
            (str(row.id), Job(row.kind, OrganizationId(row.organization_id), row.payload))
            for row in sorted(rows, key=lambda row: row.id)
        ]
