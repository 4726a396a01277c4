"""Keeps the parts of one system alive: starts them, starts them again with growing patience, stops them in order."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from adapters.embedded.processes import Say, ServerFailed, spawn

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
PROVEN_AFTER_SECONDS = 30.0
LOOK_AGAIN_SECONDS = 0.1
FAILURES_BEFORE_READY = 3


class Server(Protocol):
    """An embedded server that can be brought back."""

    process: subprocess.Popen[bytes] | None

    def restart(self) -> None: ...


@dataclass(slots=True)
class Part:
    """One process of the system. `inherits`: file descriptors that it takes over."""

    name: str
    command: Sequence[str]
    log: Path
    inherits: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    start_again_at: float | None = None

    def start(self) -> None:
        # It holds nothing that matters, so it may die at once when we are killed.
        self.process = spawn(self.command, self.log, dies_by=signal.SIGKILL, inherits=self.inherits)
        self.started_at = time.monotonic()
        self.start_again_at = None


@dataclass(slots=True)
class Supervisor:
    """`say` gets one line for each unexpected death, `changed` is called after every start."""

    say: Say
    changed: Callable[[], None]
    parts: list[Part] = field(default_factory=list)
    servers: dict[str, Server] = field(default_factory=dict)

    def start(self, part: Part) -> None:
        part.start()
        self.parts.append(part)
        self.changed()

    def look(self) -> None:
        """One round: whatever died is noted, whatever has waited long enough is started again."""
        for name, server in self.servers.items():
            if server.process and server.process.poll() is not None:
                self.say(f"{name} {_ended(server.process)}, starting it again.")
                server.restart()
        for part in self.parts:
            self._look_at(part)

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Raises ServerFailed when a part keeps dying before `ready`, or time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.look()
            for part in self.parts:
                if part.failures >= FAILURES_BEFORE_READY:
                    raise ServerFailed(f"The {part.name} keeps ending while starting, see {part.log}.")
            if time.monotonic() > deadline:
                raise ServerFailed(
                    f"Engage was not ready within {seconds:.0f} seconds, see {self.parts[0].log.parent}."
                )
            time.sleep(LOOK_AGAIN_SECONDS)

    def watch(self) -> None:
        """Until a signal's handler raises."""
        while True:
            self.look()
            time.sleep(LOOK_AGAIN_SECONDS)

    def stop(self, seconds: float) -> None:
        """Asks all parts at once, kills what is left after `seconds`."""
        alive = [part.process for part in self.parts if part.process and part.process.poll() is None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + seconds
        for process in alive:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _look_at(self, part: Part) -> None:
        if part.start_again_at is not None:
            if time.monotonic() >= part.start_again_at:
                part.start()
                self.changed()
            return
        if part.process is None or part.process.poll() is None:
            return
        lived = time.monotonic() - part.started_at
        part.failures = 1 if lived > PROVEN_AFTER_SECONDS else part.failures + 1
        part.start_again_at = time.monotonic() + pause_before(part.failures)
        self.say(f"The {part.name} {_ended(part.process)}, starting it again; see {part.log}.")


def pause_before(failures: int) -> float:
    """Seconds before the next start, after so many failures in a row."""
    return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** (failures - 1))


def _ended(process: subprocess.Popen[bytes]) -> str:
    code = process.returncode
    return f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
