"""Starts the real `engage` and looks at what it left behind."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

ENGAGE = [sys.executable, str(Path(sys.executable).with_name("engage"))]
READY = re.compile(r"^ready: (http://127\.0\.0\.1:\d+)(?: sandbox: (http://127\.0\.0\.1:\d+))?$")
START_SECONDS = 60


def environment(**more: str) -> dict[str, str]:
    """Ours, without what would configure Engage."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")} | more


def engage(*arguments: str, given: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    command = [*ENGAGE, *arguments]
    return subprocess.run(
        command, env=environment(**(given or {})), capture_output=True, text=True, timeout=90, check=False
    )


@contextmanager
def reachable_directory() -> Iterator[Path]:
    """A new data directory with a space in its path, open to the user that PostgreSQL runs as."""
    parent = Path(tempfile.mkdtemp(prefix="engage run "))
    parent.chmod(0o711)
    try:
        yield parent / "data"
    finally:
        shutil.rmtree(parent, ignore_errors=True)


@dataclass
class Run:
    """An `engage run` that said it is ready."""

    process: subprocess.Popen[str]
    data_dir: Path
    url: str
    sandbox_url: str | None

    def state(self) -> dict[str, Any]:
        return dict(json.loads((self.data_dir / "state.json").read_text()))

    def pid_of(self, name: str) -> int:
        return int(self.state()["processes"][name])

    def answers(self, path: str) -> bool:
        try:
            return httpx.get(self.url + path, timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return engage(*arguments, "--data-dir", str(self.data_dir))

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@contextmanager
def running(data_dir: Path, *options: str, given: Mapping[str, str] | None = None) -> Iterator[Run]:
    """Started on free ports; ended whatever happens."""
    command = [*ENGAGE, "run", "--port", "0", "--sandbox-port", "0", "--data-dir", str(data_dir), *options]
    env = environment(**(given or {}))
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline().strip()
            ready = READY.match(line)
            assert ready, f"{line}\n{logs_of(data_dir)}"
            yield Run(process, data_dir, ready[1], ready[2])
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()


def logs_of(data_dir: Path) -> str:
    return "\n".join(f"--- {log.name}\n{log.read_text()[-2000:]}" for log in sorted((data_dir / "logs").glob("*.log")))


def processes_on(data_dir: Path) -> list[list[str]]:
    """The command lines of living processes that name the directory, other than this one's."""
    found = []
    for process in psutil.process_iter(["cmdline", "status", "pid"]):
        command = process.info["cmdline"] or []
        alive = process.info["status"] != psutil.STATUS_ZOMBIE and process.info["pid"] != os.getpid()
        if alive and any(str(data_dir) in argument for argument in command):
            found.append(command)
    return found


def until(true: Callable[[], bool], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)
