"""The outbox: jobs are written with what makes them necessary, and handed to the queue after the commit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from uuid import UUID

import asyncpg
from sqlalchemy import Integer, RowMapping, bindparam, delete, insert, select, update

from adapters.postgres.connection import CompiledStatement, Transaction
from adapters.postgres.tables import TIME, outbox_jobs
from domain.shared.clock import Clock
from domain.shared.ids import Ids, OrganizationId
from domain.shared.jobs import Job


def _ringing() -> CompiledStatement:
    """Several times a second, most often in vain."""
    due = (
        select(outbox_jobs.c.organization_id, outbox_jobs.c.id)
        .where(outbox_jobs.c.due_at <= bindparam("now", type_=TIME))
        .order_by(outbox_jobs.c.due_at, outbox_jobs.c.id)
        .limit(bindparam("limit", type_=Integer()))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    statement = update(outbox_jobs).where(
        outbox_jobs.c.organization_id == due.c.organization_id, outbox_jobs.c.id == due.c.id
    )
    return CompiledStatement(statement.values(due_at=bindparam("again_at", type_=TIME)).returning(outbox_jobs))


RING = _ringing()


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
                "due_at": now + job.delay,
            }
            for job in jobs
        ]
        await self._transaction.execute(insert(outbox_jobs), rows)

    async def ring(self, limit: int, again_after: timedelta) -> Sequence[tuple[UUID, Job, int]]:
        """Jobs that are due, the longest waiting first, with their ids and how often they have failed.

        They stay until `done`, and are given again after `again_after`. For units across organizations.
        """
        now = self._clock.system()
        rows = await self._transaction.fetch(RING, now=now, again_at=now + again_after, limit=limit)
        return [(row["id"], _job(row), row["attempts"]) for row in sorted(rows, key=itemgetter("id"))]

    async def find(self, job_id: UUID) -> tuple[Job, int] | None:
        """A job that is not done, and how often it has failed. For units across organizations."""
        found = await self._transaction.execute(select(outbox_jobs).where(outbox_jobs.c.id == job_id))
        row = found.mappings().one_or_none()
        return (_job(row), row["attempts"]) if row else None

    async def done(self, job_id: UUID) -> None:
        """It need not be rung for any more."""
        await self._transaction.execute(delete(outbox_jobs).where(outbox_jobs.c.id == job_id))

    async def put_off(self, job_id: UUID, until: datetime) -> None:
        """It failed, and is rung for again then."""
        statement = update(outbox_jobs).where(outbox_jobs.c.id == job_id)
        await self._transaction.execute(statement.values(due_at=until, attempts=outbox_jobs.c.attempts + 1))

    async def take(self, limit: int) -> Sequence[tuple[str, Job]]:
        """The oldest jobs with their ids, removed: they come back if the transaction does not commit."""
        oldest = select(outbox_jobs.c.id).order_by(outbox_jobs.c.id).limit(limit).with_for_update(skip_locked=True)
        taken = delete(outbox_jobs).where(outbox_jobs.c.id.in_(oldest)).returning(outbox_jobs)
        rows = (await self._transaction.execute(taken)).mappings().all()
        return [(str(row["id"]), _job(row)) for row in sorted(rows, key=itemgetter("id"))]


def _job(row: asyncpg.Record | RowMapping) -> Job:
    return Job(row["kind"], OrganizationId(row["organization_id"]), row["payload"], row["id"])
