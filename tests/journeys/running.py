"""Starts a whole system as a user starts it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ENGAGE = Path(sys.executable).with_name("engage")


@dataclass(frozen=True)
class System:
    """Where a running Engage and its sandbox answer."""

    engage: str
    sandbox: str
    data_dir: Path


def start(data_dir: Path) -> tuple["subprocess.Popen[str]", System]:
    """`engage run` with demo data, on free ports; returns when it says that it is ready."""
    command = [ENGAGE, "run", "--port", "0", "--sandbox-port", "0", "--data-dir", str(data_dir)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("ready: "), f"engage run said {line!r}"
    _, engage, _, sandbox = line.split()
    return process, System(engage, sandbox, data_dir)
