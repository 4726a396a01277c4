"""The API and the worker of a whole system are killed while somebody imports people: each row is dealt with, once."""

import asyncio
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from tests.faults.long_files import MAPPING, expected
from tests.project.engage_command import Run, logs_of, reachable_directory, running

REP = {"email": "rep@demo.example", "password": "engage-demo"}
PATIENCE = 120.0
LOOKS_EVERY = 0.05
DOUBLES = """
select (select count(*) from (select email_key from contacts where email_key like '%@killed.example'
    and deleted_at is null group by 1 having count(*) > 1) as twice) as twice,
  (select count(*) from contacts where email_key like '%@killed.example' and deleted_at is null) as contacts,
  (select count(distinct contact_id) from contact_terms join contacts on contacts.id = contact_id
    where email_key like '%@killed.example') as found,
  (select count(*) from activities join contacts on contacts.id = contact_id
    where email_key like '%@killed.example' and type = 'contact_created') as told
"""


@dataclass(frozen=True)
class Size:
    rows: int
    kills: int


SHORT = Size(rows=30_000, kills=3)
LONG = Size(rows=1_000_000, kills=10)


@dataclass
class Struck:
    """A system whose parts are killed, and somebody who does not give up."""

    system: Run
    size: Size
    seed: int
    killed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.system.url, timeout=60)
        self.chance = random.Random(self.seed)

    def ask(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        """Once more for as long as nobody answers, as people do."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with suppress(httpx.TransportError):
                answer = self.client.request(method, path, **how)
                if answer.status_code < 500:
                    assert answer.is_success, answer.text
                    return dict(answer.json())
            assert time.monotonic() < deadline, f"{method} {path} is not answered"
            time.sleep(LOOKS_EVERY)

    def kill(self, name: str) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.system.pid_of(name), signal.SIGKILL)
            self.killed.append(name)

    def upload(self, people: Path) -> dict[str, Any]:
        """The API dies while the file is on its way."""
        soon = threading.Timer(self.chance.uniform(0.01, 0.2), self.kill, ["serve"])
        soon.start()
        while True:
            with suppress(httpx.TransportError), people.open("rb") as file:
                answer = self.client.post("/contacts/imports", files={"file": ("people.csv", file, "text/csv")})
                if answer.status_code == 201:
                    soon.join()
                    return dict(answer.json())

    def under_fire(self, import_: dict[str, Any], end: str) -> dict[str, Any]:
        """Parts die as the import gets on, each somewhere in a piece, the last one shortly before the end."""
        path, deadline = f"/contacts/imports/{import_['id']}", time.monotonic() + PATIENCE + self.size.rows / 500
        steps = [(number + 0.5) * self.size.rows / self.size.kills for number in range(self.size.kills)]
        while (now := self.ask("GET", path))["state"] != end:
            assert now["state"] in ("running", "undoing"), f"{now} {logs_of(self.system.data_dir)}"
            assert time.monotonic() < deadline, now
            if steps and now["done"] >= steps[0]:
                steps.pop(0)
                time.sleep(self.chance.uniform(0, 0.5))
                self.kill("serve" if len(steps) % 3 == 1 else "worker")
            time.sleep(LOOKS_EVERY)
        return now

    def counted(self) -> dict[str, int]:
        async def count() -> dict[str, int]:
            url = self.system.state()["settings"]["database_superuser_url"]
            connection = await asyncpg.connect(url.replace("+asyncpg", ""))
            row = await connection.fetchrow(DOUBLES, timeout=600)
            await connection.close()
            return dict(row)

        return asyncio.run(count())


def written(path: Path, rows: int) -> Path:
    """As in `expected`: of every hundred rows one is no address, and one is there twice."""
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(MAPPING) + "\n")
        for number in range(rows):
            twin = number - 1 if number % 100 == 7 else number
            mail = "nonsense" if number % 100 == 5 else f"p{twin}@killed.example"
            file.write(f"Person {number},{mail},+1617{number + 2_000_000:07d},Oslo,Open\n")
    return path


@pytest.fixture
def struck(soak: bool) -> Iterator[Struck]:
    seed = random.randrange(2**32)
    with reachable_directory() as data_dir, running(data_dir, given={"ENGAGE_LEASE_SECONDS": "3"}) as system:
        struck = Struck(system, LONG if soak else SHORT, seed)
        with struck.client:
            yield struck


@pytest.mark.soak
def test_an_import_outlives_the_api_and_the_worker(struck: Struck, tmp_path: Path) -> None:
    struck.ask("POST", "/auth/login", json=REP)
    people = written(tmp_path / "people.csv", struck.size.rows)
    began = time.monotonic()
    upload = struck.upload(people)
    asked = {"mapping": MAPPING, "default_country": "US"}
    started = struck.ask("POST", f"/contacts/imports/{upload['id']}/start", json=asked)
    done = struck.under_fire(started, "done")
    told = f"seed {struck.seed}, killed {struck.killed}, {time.monotonic() - began:.0f} s"

    wanted = expected(struck.size.rows)
    assert len(struck.killed) >= min(struck.size.kills, 3), told
    assert (done["counts"], done["done"]) == (wanted, struck.size.rows), told
    created = wanted["created"]
    assert struck.counted() == {"twice": 0, "contacts": created, "found": created, "told": created}, told
    errors = struck.client.get(f"/contacts/imports/{upload['id']}/errors.csv").text
    assert errors.count("\n") == 1 + wanted["skipped"] + wanted["failed"], told

    struck.ask("POST", f"/contacts/imports/{upload['id']}/undo")
    undone = struck.under_fire(started, "undone")
    assert undone["taken_back"] == {"removed": created, "restored": 0, "kept": 0}, told
    assert struck.counted()["contacts"] == 0, told
    print(told)
