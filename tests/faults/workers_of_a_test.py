"""The nursery as a test sees it: workers to start, to kill, to stop for a while."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.settings import Settings

CRASHED = 41
NURSERY = Path(__file__).with_name("nursery.py")


def environment(settings: Settings) -> dict[str, str]:
    """The settings as a process is given them."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        if plain not in (None, ""):
            given[f"ENGAGE_{name.upper()}"] = str(plain)
    return given


@dataclass
class Nursery:
    """Forks worker processes."""

    settings: Settings
    arguments: tuple[str, ...] = ()
    pids: list[int] = field(default_factory=list)

    def __enter__(self) -> "Nursery":
        self.log = (self.settings.data_dir / "nursery.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, str(NURSERY), *self.arguments],
            env=environment(self.settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        for pid in self.pids:
            _signal(pid, signal.SIGKILL)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()
        self.log.close()

    def ask(self, line: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the nursery has died, see its log"
        return answer.strip()

    def start(self) -> int:
        self.pids.append(int(self.ask("start")))
        return self.pids[-1]

    def crash(self, n: int, mailbox: Any) -> int:
        """The exit code of a process that died at the n-th point, 0 if there were fewer."""
        asked = {"n": n, "organization_id": str(mailbox.organization_id), "mailbox_id": str(mailbox.id)}
        return int(self.ask(json.dumps(asked)))

    def crash_import(self, n: int, job: Any) -> int:
        """The same of an import."""
        asked = {"n": n, "organization_id": str(job.organization_id), "import_job_id": str(job.id)}
        return int(self.ask(json.dumps(asked)))


class Nemesis:
    """Kills workers and starts others, freezes some for longer than their lease."""

    def __init__(self, nursery: Nursery, workers: int, lease_seconds: float, seed: int) -> None:
        self._nursery, self._lease = nursery, lease_seconds
        self._chance = random.Random(seed)
        self._workers = [nursery.start() for _ in range(workers)]
        self._asleep: dict[int, float] = {}
        self.kills = self.stops = 0
        self.last_at = 0.0

    async def rage(self, strikes: int, achieved: Callable[[], Awaitable[int]]) -> None:
        """Strikes so many times, then lets those live that still do.

        Each time when the workers have achieved something since the last strike, or have had their time for it.
        """
        while self.kills + self.stops < strikes:
            before, until = await achieved(), time.monotonic() + self._chance.uniform(0.5, 2)
            wanted = before + self._chance.randint(1, 8)
            while time.monotonic() < until and await achieved() < wanted:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            self._wake_up(time.monotonic())
            awake = [pid for pid in self._workers if pid not in self._asleep]
            if awake:
                self._strike(self._chance.choice(awake))
        self._wake_up(float("inf"))

    def _strike(self, victim: int) -> None:
        if self._chance.random() < 0.3:
            _signal(victim, signal.SIGSTOP)
            self._asleep[victim] = time.monotonic() + self._lease * self._chance.uniform(1.2, 3)
            self.stops += 1
        else:
            _signal(victim, signal.SIGKILL)
            self._workers[self._workers.index(victim)] = self._nursery.start()
            self.kills += 1
        self.last_at = time.monotonic()

    def _wake_up(self, now: float) -> None:
        for pid in [pid for pid, until in self._asleep.items() if until <= now]:
            del self._asleep[pid]
            _signal(pid, signal.SIGCONT)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
