"""Child processes that end with the program that started them, and the end of those that an earlier one left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

CHILD = str(Path(__file__).with_name("child.py"))
LOOK_AGAIN_SECONDS = 0.02
# After a crash a server reads its log first, for a minute or two on a slow disk. If it is ended before that is done, it
# begins anew the next time.
RECOVERED_WITHIN_SECONDS = 1_800.0
# Whoever waits for longer is told what for.
QUIET_SECONDS = 3.0

# Takes a line for whoever is at the terminal.
Say = Callable[[str], None]


def say_nothing(_: str) -> None:
    """To nobody."""


class ServerFailed(Exception):
    """A server did not start; the message is one sentence and names its log."""


@dataclass(frozen=True, slots=True)
class Account:
    """An operating system user that a child becomes."""

    name: str
    uid: int
    gid: int


def spawn(
    command: Sequence[str | Path],
    log: Path,
    *,
    dies_by: signal.Signals,
    account: Account | None = None,
    inherits: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Starts `command` in a process group of its own (Ctrl-C reaches only us), output appended to `log`.

    The session is ours: Linux may weigh sessions against each other (sched(7), "The autogroup feature"), and inside of
    one who comes later gives way to whoever answers people.

    On Linux the kernel sends it `dies_by` when the calling thread ends: call from the main thread.
    """
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603
            [*_wrapper(str(os.getpid()), str(int(dies_by)), *_ids(account)), *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
            pass_fds=inherits,
            cwd="/" if account else None,
        )


def run_as(command: Sequence[str | Path], log: Path, account: Account | None) -> int:
    """Runs `command` to its end; its exit code."""
    return spawn(command, log, dies_by=signal.SIGKILL, account=account).wait()


def reaches(account: Account | None, *paths: Path) -> bool:
    """Whether the account can enter each of `paths` (None: we can, as far as modes say)."""
    if account is None:
        return all(os.access(path, os.X_OK) for path in paths)
    command = [*_wrapper("--reach", *_ids(account)), *map(str, paths)]
    return subprocess.run(command, check=False, cwd="/").returncode == 0  # noqa: S603


def stop(process: subprocess.Popen[bytes], gently: signal.Signals, seconds: float) -> None:
    """Asks, waits up to `seconds`, then kills."""
    if process.poll() is not None:
        return
    process.send_signal(gently)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end_leftover(pid: int, mark: str, gently: signal.Signals, seconds: float = 20) -> None:
    """Ends the process `pid` of an earlier run, if it still lives and `mark` is an argument of it."""
    try:
        process = psutil.Process(pid)
        if mark not in process.cmdline():
            return
        process.send_signal(gently)
        process.wait(seconds)
    except psutil.TimeoutExpired:
        process.kill()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return


def wait_until_ready(
    process: subprocess.Popen[bytes],
    ready: Callable[[], bool],
    what: str,
    log: Path,
    say: Say,
    seconds: float = RECOVERED_WITHIN_SECONDS,
) -> None:
    """Raises ServerFailed when the process ends before it is ready, or takes too long."""
    began = time.monotonic()
    deadline, told_at = began + seconds, began + QUIET_SECONDS
    while not ready():
        if time.monotonic() > told_at:
            say(f"{what} is still starting, which takes longer after a crash. See {log}.")
            told_at = deadline
        if process.poll() is not None:
            raise ServerFailed(f"{what} ended with code {process.returncode} while starting, see {log}.")
        if time.monotonic() > deadline:
            stop(process, signal.SIGQUIT, 2)
            raise ServerFailed(f"{what} was not ready within {seconds:.0f} seconds, see {log}.")
        time.sleep(LOOK_AGAIN_SECONDS)


def _wrapper(*arguments: str) -> list[str]:
    return [sys.executable, "-I", "-S", CHILD, *arguments]


def _ids(account: Account | None) -> tuple[str, str]:
    return (str(account.uid), str(account.gid)) if account else ("-", "-")
