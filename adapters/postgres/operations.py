"""What operators ask: is everything there, and what waits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import cast, delete, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.account_tables import (
    files,
    notification_emails,
    notifications,
    notified_activities,
    passkey_challenges,
    sign_in_attempts,
)
from adapters.postgres.database import Database
from adapters.postgres.directory_tables import background_jobs, contact_imports, contact_merges
from adapters.postgres.sessions import IDLE_UNTIL
from adapters.postgres.tables import (
    ID,
    access_tokens,
    connection_attempts,
    emails,
    idempotency_keys,
    outbox_jobs,
    sessions,
    worker_heartbeats,
)
from domain.background.model import JobState
from domain.shared.clock import Clock
from domain.shared.errors import Unavailable

READ_NOTIFICATIONS_STAY = timedelta(days=90)
# Long after the last bell for an activity.
BELLS_RING_FOR = timedelta(days=30)
EMAILS_ARE_COUNTED_FOR = timedelta(days=1)
# Each is two records of a person.
FORGOTTEN_AT_ONCE = 500
# A worker beats every few seconds; one that was silent for this long is gone.
ALIVE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits, in numbers: seconds and counts over all organizations."""

    due_lag_seconds: float
    unknown: int
    needs_human: int
    outbox_oldest_seconds: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


class Operations:
    """Looks at the whole database, as the sweepers may."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def database_checks(self, newest_revision: str) -> dict[str, str]:
        """`database`, `migrations` and `worker`, each `ok` or what is wrong."""
        try:
            async with self._database.gate() as transaction:
                revision = (await transaction.execute(text("select version_num from alembic_version"))).scalar()
                seen = (await transaction.execute(select(func.max(worker_heartbeats.c.seen_at)))).scalar()
        except Unavailable:
            return {"database": "unreachable", "migrations": "unknown", "worker": "unknown"}
        alive = seen is not None and self._clock.system() - seen < ALIVE
        return {
            "database": "ok",
            "migrations": "ok" if revision == newest_revision else f"at {revision}, expected {newest_revision}",
            "worker": "ok" if alive else "no heartbeat",
        }

    async def beat(self, worker: str, began: datetime, now: datetime, forgotten_before: datetime) -> None:
        """A worker lives; those that were silent for long are forgotten."""
        alive = insert(worker_heartbeats).values(id=worker, started_at=began, seen_at=now)
        alive = alive.on_conflict_do_update(index_elements=["id"], set_={"seen_at": now})
        async with self._database.system() as transaction:
            await transaction.execute(alive)
            await transaction.execute(delete(worker_heartbeats).where(worker_heartbeats.c.seen_at < forgotten_before))

    async def forget(self, worker: str) -> None:
        """A worker has stopped."""
        async with self._database.system() as transaction:
            await transaction.execute(delete(worker_heartbeats).where(worker_heartbeats.c.id == worker))

    async def make_room_for_activities(self, first: date, last: date) -> None:
        """Makes the monthly partitions from one day to another that are missing."""
        async with self._database.system() as transaction:
            await transaction.execute(select(func.ensure_activity_partitions(first, last)))

    async def clear_out(self, now: datetime, keys_before: datetime) -> None:
        """Removes sessions, tokens, challenges and ways there and back that ran out, and answers kept for repetitions.

        And of what users were told: what they read long ago, and what only keeps it from being told twice.
        """
        ended = (
            delete(sessions).where(or_(sessions.c.expires_at < now, now > IDLE_UNTIL)),
            delete(access_tokens).where(access_tokens.c.expires_at < now),
            delete(connection_attempts).where(connection_attempts.c.expires_at < now),
            delete(passkey_challenges).where(passkey_challenges.c.expires_at < now),
            delete(sign_in_attempts).where(sign_in_attempts.c.expires_at < now),
            delete(idempotency_keys).where(idempotency_keys.c.created_at < keys_before),
            delete(notifications).where(notifications.c.read_at < now - READ_NOTIFICATIONS_STAY),
            delete(notified_activities).where(notified_activities.c.at < now - BELLS_RING_FOR),
            delete(notification_emails).where(notification_emails.c.last_at < now - EMAILS_ARE_COUNTED_FOR),
        )
        async with self._database.system() as transaction:
            for statement in ended:
                await transaction.execute(statement)

    async def forget_unfinished_file(self, before: datetime) -> bool:
        """Removes one that was begun before and never finished, if there is one: each may have many pieces."""
        unfinished = select(files.c.organization_id, files.c.id).where(files.c.bytes.is_(None))
        oldest = unfinished.where(files.c.created_at < before).order_by(files.c.created_at).limit(1)
        one = oldest.with_for_update(skip_locked=True).cte("oldest")
        removed = delete(files).where(files.c.organization_id == one.c.organization_id, files.c.id == one.c.id)
        async with self._database.system() as transaction:
            return (await transaction.execute(removed.returning(files.c.id))).first() is not None

    async def forget_ended_job(self, before: datetime) -> bool:
        """Removes one that ended before, with what it kept and made, if there is one: each may have changed many.

        Imports keep more, and are forgotten before their jobs.
        """
        ended = select(background_jobs.c.organization_id, background_jobs.c.id, background_jobs.c.result)
        is_import = exists().where(contact_imports.c.job_id == background_jobs.c.id)
        over = ended.where(background_jobs.c.finished_at < before, background_jobs.c.state != JobState.UNDOING.value)
        over = over.where(~is_import)
        one = over.order_by(background_jobs.c.finished_at).limit(1).with_for_update(skip_locked=True).cte("ended")
        made = cast(one.c.result["file_id"].astext, ID)
        file = delete(files).where(files.c.organization_id == one.c.organization_id, files.c.id == made).cte("file")
        job = background_jobs.c
        removed = delete(background_jobs).where(job.organization_id == one.c.organization_id, job.id == one.c.id)
        async with self._database.system() as transaction:
            return (await transaction.execute(removed.add_cte(file).returning(job.id))).first() is not None

    async def forget_effects_of_merges(self, before: datetime) -> bool:
        """Of some merges that were made before: what the records were and what changed hands, which is of no use when
        they cannot be taken back any more. Whether there were any; that they were made stays."""
        merges = contact_merges.c
        kept = select(merges.organization_id, merges.id).where(merges.before.is_not(None), merges.at < before)
        some = kept.order_by(merges.at).limit(FORGOTTEN_AT_ONCE).with_for_update(skip_locked=True).cte("some")
        these = (merges.organization_id == some.c.organization_id, merges.id == some.c.id)
        forgotten = update(contact_merges).where(*these).values(before=None, moved=None).returning(merges.id)
        async with self._database.system() as transaction:
            return (await transaction.execute(forgotten)).first() is not None

    async def backlog(self) -> Backlog:
        """The numbers behind the alarms."""
        due = select(func.min(emails.c.due_at)).where(emails.c.state.in_(("ready", "drafted"))).scalar_subquery()
        count = select(func.count()).select_from(emails)
        unknown = count.where(emails.c.state.in_(("sending", "unknown"))).scalar_subquery()
        human = count.where(emails.c.state == "needs_human").scalar_subquery()
        oldest = select(func.min(outbox_jobs.c.created_at)).scalar_subquery()
        async with self._database.system() as transaction:
            found = await transaction.execute(select(due, unknown, human, oldest))
            row: Sequence[Any] = found.one()
        due_at, unknown_count, human_count, oldest_at = row
        return Backlog(
            _age(self._clock.now(), due_at),
            int(unknown_count),
            int(human_count),
            _age(self._clock.system(), oldest_at),
        )


def _age(now: datetime, then: datetime | None) -> float:
    return max(0.0, (now - then).total_seconds()) if then else 0.0
