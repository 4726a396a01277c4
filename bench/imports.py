"""An import of new people: uploaded, taken in by one worker, while others look at the directory.

The references are what PostgreSQL can do with the same file and the same indexes: COPY into a table beside and one
statement that merges it, and COPY of finished rows into the table itself. Ours checks every cell, makes what people are
found by, tells what happened and notes what is needed to take it back.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import psutil

from bench.imports_data import copied, empty, staged_and_merged, write
from bench.lists import SIZE, Bed, filled_bed, variables
from bench.load import load
from bench.report import Owed, Row
from bench.serving import serving

ROUNDS = 5
ALREADY_THERE = 1_000
OWED_MIB, OWED_LOCK_SECONDS = 100.0, 2.0
# Both pass with two and a half times as much.
OWED_OF_THEM = Owed(1.0, 2.5)
OWED_TIMES_IDLE = Owed(3.0, 3.0)
LOOK_SECONDS = 0.25
PATIENCE_SECONDS = 3_600.0
# Transactions of the worker that hold rows of contacts.
HELD = """
select coalesce(max(extract(epoch from clock_timestamp() - activity.xact_start)), 0) as seconds
from pg_stat_activity as activity
where exists (select from pg_locks where pg_locks.pid = activity.pid and pg_locks.mode = 'RowExclusiveLock'
  and pg_locks.relation = 'contacts'::regclass)
"""


@dataclass(slots=True)
class Watch:
    """What was seen of a worker while it was at it."""

    process: psutil.Process
    superuser_url: str
    baseline: int = 0
    peak: int = 0
    held: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def while_it_works(self) -> Iterator[None]:
        self.baseline = self._memory()
        looking = threading.Thread(target=lambda: asyncio.run(self._look()))
        looking.start()
        try:
            yield
        finally:
            self._over.set()
            looking.join()

    @property
    def mib(self) -> float:
        return (self.peak - self.baseline) / 2**20

    async def _look(self) -> None:
        connection = await asyncpg.connect(self.superuser_url)
        while not self._over.is_set():
            self.peak = max(self.peak, self._memory())
            self.held = max(self.held, float(await connection.fetchval(HELD)))
            await asyncio.sleep(LOOK_SECONDS)
        await connection.close()

    def _memory(self) -> int:
        """With the process that reads files for it."""
        found = 0
        for process in (self.process, *self.process.children(recursive=True)):
            try:
                found += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return found


def run(size: int | None = None) -> list[Row]:
    """Rows 3a, 3b and 3c."""
    size = size or SIZE
    with ExitStack() as stack:
        bed = stack.enter_context(filled_bed(ALREADY_THERE))
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="engage-bench-file-")))
        people = directory / "people.csv"
        write(people, size)
        url = stack.enter_context(serving(["-m", "api.cli", "serve"], "/healthz", variables(bed.settings)))
        client = httpx.Client(base_url=url, headers={"authorization": f"Bearer {bed.token}"}, timeout=300)
        stack.enter_context(client)
        rounds = [_round(bed, client, people, directory) for _ in range(ROUNDS)]
        watch, idle, meanwhile = _beside(bed, client, url, people)
    ours, merged, copies = ([size / seconds[place] for seconds in rounds] for place in range(3))
    peak = watch.peak / 2**20
    return [
        _rate("3a import of new rows ÷ staged COPY and merge", ours, merged, Owed(0.6, 0.4), size, peak),
        _rate("3b import of new rows ÷ COPY into the table", ours, copies, Owed(0.3, 0.2), size, peak),
        Row(
            "3c import: memory of the worker over its baseline",
            "MiB",
            watch.mib,
            OWED_MIB,
            OWED_OF_THEM,
            size,
            (),
            peak,
        ),
        Row("3c import: longest hold of rows", "s", watch.held, OWED_LOCK_SECONDS, OWED_OF_THEM, size),
        Row("3c list page beside an import, p95", "ms", meanwhile, idle, OWED_TIMES_IDLE, size),
    ]


def _rate(work: str, ours: Sequence[float], limits: Sequence[float], owed: Owed, size: int, peak: float) -> Row:
    ratios = tuple(mine / limit for mine, limit in zip(ours, limits, strict=True))
    return Row(work, "rows/s", median(ours), median(limits), owed, size, ratios, peak)


def _round(bed: Bed, client: httpx.Client, people: Path, directory: Path) -> tuple[float, float, float]:
    """The seconds of ours and of both references, one after the other."""
    owner_id = UUID(client.get("/me").json()["id"])
    asyncio.run(empty(bed.superuser_url))
    with _worker(bed):
        ours = _imported(client, people)
    asyncio.run(empty(bed.superuser_url))
    merged = asyncio.run(staged_and_merged(bed.superuser_url, people, bed.organization_id, owner_id))
    copy = asyncio.run(copied(bed.superuser_url, directory / "rows"))
    return ours, merged, copy


def _beside(bed: Bed, client: httpx.Client, url: str, people: Path) -> tuple[Watch, float, float]:
    """Once more, watched, and with somebody who reads lists; their p95 before and meanwhile, in milliseconds."""
    asyncio.run(empty(bed.superuser_url))
    paths = ["/contacts", "/contacts?sort=name", "/contacts?q=mul"]
    with _worker(bed) as process:
        watch = Watch(process, bed.superuser_url)
        with watch.while_it_works():
            _imported(client, people)
        idle = load(url, paths, seconds=5, connections=1, token=bed.token).p95
        asyncio.run(empty(bed.superuser_url))
        started = _started(client, people)
        took = []
        while _look(client, started)["state"] == "running":
            took.append(load(url, paths, seconds=5, connections=1, token=bed.token).p95)
    return watch, idle, median(took)


def _imported(client: httpx.Client, people: Path) -> float:
    """The seconds from the first byte of the upload to the last commit."""
    began = time.perf_counter()
    started = _started(client, people)
    while time.perf_counter() - began < PATIENCE_SECONDS:
        found = _look(client, started)
        if found["state"] != "running":
            assert found["state"] == "done", found
            assert found["counts"]["created"] == found["counts"]["total"] == found["done"], found
            return time.perf_counter() - began
        time.sleep(LOOK_SECONDS)
    raise RuntimeError("not over in time")


def _started(client: httpx.Client, people: Path) -> str:
    with people.open("rb") as file:
        uploaded = client.post("/contacts/imports", files={"file": ("people.csv", file, "text/csv")}).json()
    mapping = {column["name"]: column["suggestion"] for column in uploaded["columns"]}
    asked = client.post(f"/contacts/imports/{uploaded['id']}/start", json={"mapping": mapping, "default_country": "US"})
    assert asked.status_code == 202, asked.text
    return str(uploaded["id"])


def _look(client: httpx.Client, import_id: str) -> Any:
    return client.get(f"/contacts/imports/{import_id}").json()


@contextmanager
def _worker(bed: Bed) -> Iterator[psutil.Process]:
    """One worker process, once it is at work."""
    with tempfile.TemporaryFile() as log:
        environment = {**os.environ, **variables(bed.settings)}
        command = [sys.executable, "-m", "api.cli", "worker"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            time.sleep(3)
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(60)
