"""Dispatching due steps: ours, with every rule, beside one SQL statement that does the same work without any.

The reference claims, inserts step runs and emails, and advances the enrollments, all in one data-modifying statement of
500: the most that this database can do. Both run as the same role on the same rows, taking turns.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import asyncpg

from adapters.embedded import start
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.postgres.connection import SYSTEM
from bench.dispatch_data import NOW, Bed, bed
from bench.dispatch_worker import dispatcher, drain
from bench.report import Owed, Row

SIZE = 1_000_000
SMALL = 10_000
DUE = 10_000
ROUNDS = 5

REFERENCE = """
with due as materialized (
  select organization_id, id, salesflow_id, revision, position, contact_id, user_id
  from enrollments
  where state = 'active' and due_at <= $1
  order by due_at, id
  limit 500
  for no key update skip locked
), steps as materialized (
  select due.organization_id, due.id as enrollment_id, uuidv7() as run_id, salesflow_steps.id as step_id,
    due.position, due.salesflow_id, due.contact_id, due.user_id, mailboxes.id as mailbox_id,
    (select id from step_variants where organization_id = due.organization_id and step_id = salesflow_steps.id
     order by position limit 1) as variant_id
  from due
  join salesflow_steps on salesflow_steps.organization_id = due.organization_id
    and salesflow_steps.salesflow_id = due.salesflow_id and salesflow_steps.revision = due.revision
    and salesflow_steps.position = due.position
  join mailboxes on mailboxes.organization_id = due.organization_id and mailboxes.user_id = due.user_id
), runs as (
  insert into step_runs (organization_id, id, enrollment_id, step_id, position, state, started_at)
  select organization_id, run_id, enrollment_id, step_id, position, 'executing', $1 from steps
), written as (
  insert into emails (organization_id, id, mailbox_id, user_id, contact_id, salesflow_id, enrollment_id, step_run_id,
    step_id, variant_id, send_key, state, due_at, created_at)
  select organization_id, uuidv7(), mailbox_id, user_id, contact_id, salesflow_id, enrollment_id, run_id,
    step_id, variant_id, enrollment_id || ':' || position, 'ready', $1, $1
  from steps
), advanced as (
  update enrollments set due_at = null, waiting = null from steps
  where enrollments.organization_id = steps.organization_id and enrollments.id = steps.enrollment_id
)
select count(*) from due
"""


def run(size: int | None = None) -> list[Row]:
    """Rows 1a (ours ÷ one statement), 1b (two workers ÷ one) and 1e (many enrollments ÷ few, as many due)."""
    size = size or SIZE
    with _postgres() as postgres:
        small = bed(postgres, SMALL, DUE)
        rows = [_against_sql(small), _two_workers(small)]
        return [*rows, _among_many(bed(postgres, size, min(DUE, size)), small, size)]


def _against_sql(on: Bed) -> Row:
    ours, limits = [], []
    for _ in range(ROUNDS):
        ours.append(_ours(on))
        limits.append(_reference(on))
    return _row("1a dispatch, every rule ÷ one statement without", ours, limits, Owed(0.5, 0.35), SMALL)


def _two_workers(on: Bed) -> Row:
    two, one = [], []
    for _ in range(ROUNDS):
        two.append(_workers(on, 2))
        one.append(_workers(on, 1))
    return _row("1b dispatch, two workers ÷ one", two, one, Owed(1.5, 1.3), SMALL)


def _among_many(large: Bed, small: Bed, size: int) -> Row:
    many, few = [], []
    for _ in range(ROUNDS):
        many.append(_ours(large))
        few.append(_ours(small))
    return _row(f"1e dispatch, {large.due:,} due among {size:,} ÷ among {SMALL:,}", many, few, Owed(0.8, 0.6), size)


def _row(work: str, ours: list[float], limits: list[float], owed: Owed, size: int) -> Row:
    ratios = tuple(mine / limit for mine, limit in zip(ours, limits, strict=True))
    return Row(work, "rows/s", median(ours), median(limits), owed, size, ratios)


def _ours(on: Bed) -> float:
    on.due_again()

    async def measured() -> tuple[int, float]:
        async with dispatcher(on.url) as dispatch:
            return await drain(dispatch)

    return _rate(on, *asyncio.run(measured()))


def _reference(on: Bed) -> float:
    on.due_again()

    async def measured() -> tuple[int, float]:
        connection = await asyncpg.connect(on.url.replace("+asyncpg", ""), server_settings={"jit": "off"})
        await connection.execute(f"set role {SYSTEM}")
        began, total = time.perf_counter(), 0
        while size := await connection.fetchval(REFERENCE, NOW):
            total += size
        seconds = time.perf_counter() - began
        await connection.close()
        return total, seconds

    return _rate(on, *asyncio.run(measured()))


def _workers(on: Bed, number: int) -> float:
    """Processes of their own, from the word go until the last has found nothing more."""
    on.due_again()
    command = [sys.executable, "-m", "bench.dispatch_worker", on.url]
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(number)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    dispatched = sum(int(worker.communicate()[0]) for worker in workers)
    return _rate(on, dispatched, time.perf_counter() - began)


def _rate(on: Bed, dispatched: int, seconds: float) -> float:
    """Raises when not exactly everything that was due was dispatched."""
    if dispatched != on.due:
        raise RuntimeError(f"{dispatched} of {on.due} were dispatched")
    return dispatched / seconds


@contextmanager
def _postgres() -> Iterator[EmbeddedPostgres]:
    """A durable server of its own, as an installation has it."""
    with tempfile.TemporaryDirectory(prefix="engage-bench-") as directory:
        Path(directory).chmod(0o711)
        servers = start(Path(directory))
        try:
            yield servers.postgres
        finally:
            servers.stop()
