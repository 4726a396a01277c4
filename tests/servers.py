"""One PostgreSQL and one Redis for a whole test run, whatever number of pytest processes it has.

The first test that needs a database starts a holder process, which keeps the servers until the run that made the
directory is over, however it ends: the holder waits for the run's file lock.
"""

import asyncio
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN_LOCK = "run.lock"
START_LOCK = "start.lock"
READY = "ready.json"


class TestRun:
    """Made by the first pytest process; its end is the end of the servers."""

    __test__ = False

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="engage-tests-"))
        self.directory.chmod(0o711)
        self._lock = (self.directory / RUN_LOCK).open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def end(self) -> None:
        started = (self.directory / READY).exists()
        self._lock.close()
        if not started:
            shutil.rmtree(self.directory, ignore_errors=True)
        deadline = time.monotonic() + 20
        while self.directory.exists() and time.monotonic() < deadline:
            time.sleep(0.02)


@dataclass(frozen=True)
class Database:
    """`url` logs in as the application, `owner_url` as the owner of the schema."""

    name: str
    url: str
    owner_url: str


class Servers:
    """The running servers, as one pytest process sees them."""

    def __init__(self, directory: Path) -> None:
        from adapters.embedded.place import find_place
        from adapters.embedded.postgres import EmbeddedPostgres

        with _locked(directory / START_LOCK):
            if not (directory / READY).exists():
                _start_holder(directory)
            ready = json.loads((directory / READY).read_text())
            self._postgres = EmbeddedPostgres(find_place(directory), Path(ready["sockets"]), directory / "psql.log")
            self._redis_url = ready["redis_url"]
            self._template = self._migrated_template()

    def new_database(self, name: str, *, migrated: bool = True) -> Database:
        """A database of its own: a copy of the migrated one, or empty. Drops an older one of the name."""
        from adapters.embedded.postgres import LOGIN, OWNER

        self._postgres.sql(f"drop database if exists {name} with (force)")
        self._postgres.create_database(name, self._template if migrated else "template0")
        return Database(name, self._postgres.url(LOGIN, name), self._postgres.url(OWNER, name))

    def redis_url(self, number: int) -> str:
        """Of the database `number` (0 to 15) of the one Redis."""
        return f"{self._redis_url}?db={number}"

    def sql(self, statements: str, database: str) -> str:
        """As the superuser; rows as text."""
        return self._postgres.sql(statements, database)

    def _migrated_template(self) -> str:
        from adapters.embedded.postgres import OWNER
        from migrations.run import newest_revision, upgrade

        name = f"template_{newest_revision()}"
        if not self._postgres.has_database(name):
            self._postgres.create_database(f"{name}_draft")
            asyncio.run(upgrade(self._postgres.url(OWNER, f"{name}_draft")))
            self._postgres.sql(f"alter database {name}_draft rename to {name}")
        return name


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _start_holder(directory: Path) -> None:
    log = directory / "holder.log"
    with log.open("wb") as output:
        command = [sys.executable, __file__, str(directory)]
        holder = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True, cwd=ROOT)
    deadline = time.monotonic() + 60
    while not (directory / READY).exists():
        if holder.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the test servers did not start:\n{log.read_text()}")
        time.sleep(0.02)
    holder.returncode = 0  # it outlives us on purpose, of which Popen would warn


def hold(directory: Path) -> None:
    """Starts the servers and stops them when the test run is over."""
    sys.path.insert(0, str(ROOT))
    from adapters.embedded import start
    from adapters.running import write_private

    servers = start(directory, durable=False)
    ready = {"sockets": str(servers.sockets), "redis_url": servers.redis_url, "pid": os.getpid()}
    write_private(directory / READY, json.dumps(ready))
    with (directory / RUN_LOCK).open() as run:
        fcntl.flock(run, fcntl.LOCK_EX)
    servers.stop()
    shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    hold(Path(sys.argv[1]))
