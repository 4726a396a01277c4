"""Background jobs: what is to be done, whose turn it is, how far it got."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, select, tuple_, update

from adapters.postgres.connection import Transaction
from adapters.postgres.directory_tables import background_job_changes, background_jobs
from adapters.postgres.paging import read_cursor, write_cursor
from domain.background.model import OPEN, BackgroundJob, Changes, JobState, LeaseLost
from domain.shared.errors import NotFound
from domain.shared.ids import BackgroundJobId, ContactId, Ids, OrganizationId, UserId
from domain.shared.paging import Page, PageRequest

ORDER = "jobs"
FIXED = ("organization_id", "id", "user_id", "kind", "spec", "created_at")
IS_OPEN = background_jobs.c.state.in_([state.value for state in OPEN])
NOW = func.clock_timestamp()
LOOKS = select(
    *(column for column in background_jobs.c if column.name != "spec"),
    (background_jobs.c.spec - "contact_ids").label("spec"),
)


class PostgresBackgroundJobs:
    """Implements domain.background.ports.BackgroundJobs."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, job: BackgroundJob) -> None:
        fixed = {name: getattr(job, name) for name in FIXED}
        await self._transaction.execute(insert(background_jobs).values(lease_until=NOW, **fixed, **_changing(job)))

    async def get(self, job_id: BackgroundJobId) -> BackgroundJob:
        return await self._one(select(background_jobs), job_id)

    async def look(self, job_id: BackgroundJobId) -> BackgroundJob:
        return await self._one(LOOKS, job_id)

    async def many(self, job_ids: Collection[BackgroundJobId]) -> dict[BackgroundJobId, BackgroundJob]:
        """As `look` shows them; those that exist."""
        rows = (await self._transaction.execute(LOOKS.where(background_jobs.c.id.in_(job_ids)))).all()
        return {BackgroundJobId(row.id): _job(row) for row in rows}

    async def lock(self, job_id: BackgroundJobId) -> BackgroundJob:
        """What other lanes keep refers to the job, which is not in their way: else two would wait for each other."""
        return await self._one(LOOKS.with_for_update(key_share=True), job_id)

    async def page(self, user_id: UserId, page: PageRequest) -> Page[BackgroundJob]:
        key = tuple_(background_jobs.c.created_at, background_jobs.c.id)
        newest = (background_jobs.c.created_at.desc(), background_jobs.c.id.desc())
        query = LOOKS.where(background_jobs.c.user_id == user_id).order_by(*newest)
        if page.cursor:
            query = query.where(key < tuple_(*read_cursor(ORDER, page.cursor, (datetime, UUID))))
        rows = (await self._transaction.execute(query.limit(page.limit + 1))).all()
        items = [_job(row) for row in rows[: page.limit]]
        more = len(rows) > page.limit
        return Page(items, write_cursor(ORDER, (items[-1].created_at, items[-1].id)) if more else None)

    async def claim(
        self, job_id: BackgroundJobId, kinds: Collection[str], now: datetime, lease_seconds: float
    ) -> int | None:
        mine = (background_jobs.c.id == job_id, background_jobs.c.kind.in_(list(kinds)))
        free = select(background_jobs.c.id).where(*mine, IS_OPEN, background_jobs.c.lease_until <= NOW)
        one = free.with_for_update(skip_locked=True, key_share=True).cte("free")
        queued, running = JobState.QUEUED.value, JobState.RUNNING.value
        claimed = (
            update(background_jobs)
            .where(background_jobs.c.id == one.c.id)
            .values(
                fence=background_jobs.c.fence + 1,
                lease_until=_in(lease_seconds),
                state=func.coalesce(func.nullif(background_jobs.c.state, queued), running),
                started_at=func.coalesce(background_jobs.c.started_at, now),
            )
            .returning(background_jobs.c.fence)
        )
        row = (await self._transaction.execute(claimed)).first()
        return int(row.fence) if row else None

    async def hold(self, job_id: BackgroundJobId, fence: int, lease_seconds: float) -> None:
        await self._held(job_id, fence, lease_until=_in(lease_seconds))

    async def progress(self, job: BackgroundJob, fence: int, lease_seconds: float) -> None:
        await self._held(job.id, fence, lease_until=_in(lease_seconds), **_changing(job))

    async def release(self, job_id: BackgroundJobId, fence: int) -> None:
        held = update(background_jobs).where(background_jobs.c.id == job_id, background_jobs.c.fence == fence)
        await self._transaction.execute(held.values(lease_until=NOW))

    async def turn(self, job: BackgroundJob) -> None:
        turned = update(background_jobs).where(background_jobs.c.id == job.id)
        values = {"fence": background_jobs.c.fence + 1, "lease_until": NOW, **_changing(job)}
        await self._transaction.execute(turned.values(**values))

    async def open_ones(self, kinds: Collection[str], limit: int) -> Sequence[tuple[OrganizationId, BackgroundJobId]]:
        waiting = (
            select(background_jobs.c.organization_id, background_jobs.c.id)
            .where(IS_OPEN, background_jobs.c.lease_until <= NOW, background_jobs.c.kind.in_(list(kinds)))
            .order_by(background_jobs.c.lease_until)
            .limit(limit)
        )
        rows = (await self._transaction.execute(waiting)).all()
        return [(OrganizationId(row.organization_id), BackgroundJobId(row.id)) for row in rows]

    async def _held(self, job_id: BackgroundJobId, fence: int, **values: Any) -> None:
        held = update(background_jobs).where(background_jobs.c.id == job_id, background_jobs.c.fence == fence)
        if (await self._transaction.execute(held.values(**values).returning(background_jobs.c.id))).first() is None:
            raise LeaseLost

    async def _one(self, query: Select[Any], job_id: BackgroundJobId) -> BackgroundJob:
        row = (await self._transaction.execute(query.where(background_jobs.c.id == job_id))).first()
        if row is None:
            raise NotFound("job")
        return _job(row)


class PostgresJobChanges:
    """Implements domain.background.ports.JobChanges."""

    def __init__(self, transaction: Transaction, ids: Ids) -> None:
        self._transaction = transaction
        self._ids = ids

    async def add(self, job: BackgroundJob, at: datetime, kept: Mapping[ContactId, UUID | None]) -> None:
        whose = {"organization_id": job.organization_id, "job_id": job.id, "lane": job.lane}
        changed = {"id": self._ids.new(), "at": at, "contact_ids": list(kept), "kept_ids": list(kept.values())}
        await self._transaction.execute(insert(background_job_changes).values(**whose, **changed))

    async def first(self, job: BackgroundJob) -> Changes | None:
        changes = background_job_changes.c
        query = select(changes.id, changes.at, changes.contact_ids, changes.kept_ids).where(*_of(job))
        row = (await self._transaction.execute(query.order_by(changes.id).limit(1))).first()
        if row is None:
            return None
        return Changes(row.id, row.at, dict(zip(map(ContactId, row.contact_ids), row.kept_ids, strict=True)))

    async def remove(self, job: BackgroundJob, changes: Changes) -> None:
        removed = delete(background_job_changes).where(*_of(job), background_job_changes.c.id == changes.id)
        await self._transaction.execute(removed)


def _of(job: BackgroundJob) -> Sequence[ColumnElement[bool]]:
    return background_job_changes.c.job_id == job.id, background_job_changes.c.lane == job.lane


def _in(seconds: float) -> ColumnElement[datetime]:
    return NOW + func.make_interval(0, 0, 0, 0, 0, 0, seconds)


def _changing(job: BackgroundJob) -> dict[str, Any]:
    """What happens to a job after it was put."""
    return {
        "state": job.state.value,
        "cursor": job.cursor,
        "done": job.done,
        "total": job.total,
        "result": job.result,
        "error": job.error,
        "finished_at": job.finished_at,
        "undone_at": job.undone_at,
    }


def _job(row: Row[Any]) -> BackgroundJob:
    return BackgroundJob(
        organization_id=OrganizationId(row.organization_id),
        id=BackgroundJobId(row.id),
        user_id=UserId(row.user_id) if row.user_id else None,
        kind=row.kind,
        spec=row.spec,
        created_at=row.created_at,
        state=JobState(row.state),
        cursor=row.cursor,
        done=row.done,
        total=row.total,
        result=row.result,
        error=row.error,
        started_at=row.started_at,
        finished_at=row.finished_at,
        undone_at=row.undone_at,
    )
