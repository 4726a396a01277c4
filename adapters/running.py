"""What a running system tells the commands beside it: `<data_dir>/state.json`, valid while its lock is held.

The lock is a kernel lock on an open file: it ends with its holder, however that ends, so nothing stale is believed.
"""

import fcntl
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

LOCK = "engage.lock"
STATE = "state.json"


@dataclass(frozen=True, slots=True)
class RunningSystem:
    """`settings` by their names in adapters/settings.py; secrets are apart, in a file that its owner alone reads."""

    pid: int
    settings: dict[str, Any]
    secrets_file: Path
    processes: dict[str, int] = field(default_factory=dict)


class AlreadyRunning(Exception):
    """Another process (`pid`) runs on this data directory."""

    def __init__(self, data_dir: Path, pid: int) -> None:
        super().__init__(f"Engage already runs on {data_dir} (process {pid}).")
        self.pid = pid


class DataDirLock:
    """Held while a system runs on a data directory. Raises AlreadyRunning, OSError."""

    def __init__(self, data_dir: Path) -> None:
        self._file = os.open(data_dir / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = int(os.read(self._file, 20) or 0)
            os.close(self._file)
            raise AlreadyRunning(data_dir, pid) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        os.close(self._file)


def write_state(data_dir: Path, state: RunningSystem) -> None:
    """Replaces the state at once: a reader sees the old one or the new one."""
    text = json.dumps({**asdict(state), "secrets_file": str(state.secrets_file)}, indent=2)
    write_private(data_dir / STATE, text)


def read_state(data_dir: Path) -> RunningSystem | None:
    """The system that runs on `data_dir` now; None when none does. Raises PermissionError."""
    try:
        stored = json.loads((data_dir / STATE).read_text())
        lock = os.open(data_dir / LOCK, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return RunningSystem(**{**stored, "secrets_file": Path(stored["secrets_file"])})
    finally:
        os.close(lock)
    return None


def forget_state(data_dir: Path) -> None:
    (data_dir / STATE).unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner reads, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
