"""Runs the browser's journeys, or another command, beside a freshly started system."""

import os
import subprocess
import sys
from pathlib import Path

from tests.project.engage_command import reachable_directory, running

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
PLAYWRIGHT = ["npm", "run", "--silent", "e2e"]


def main(command: list[str]) -> int:
    with reachable_directory() as data_dir, running(data_dir) as system:
        assert system.sandbox_url
        addresses = {"E2E_BASE_URL": system.url, "E2E_SANDBOX_URL": system.sandbox_url}
        done = subprocess.run(command or PLAYWRIGHT, cwd=FRONTEND, env=os.environ | addresses, check=False)
        return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
