"""Runs the browser's journeys, or another command, beside a freshly started system and an identity provider."""

import os
import subprocess
import sys
from pathlib import Path

from tests.api.openid import Provider
from tests.project.engage_command import reachable_directory, running

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
PLAYWRIGHT = ["npm", "run", "--silent", "e2e"]


def main(command: list[str]) -> int:
    with (
        reachable_directory() as data_dir,
        Provider(asks=True) as provider,
        running(data_dir, given={"ENGAGE_SSO_LOOPBACK": "true"}) as system,
    ):
        assert system.sandbox_url
        addresses = {
            "E2E_BASE_URL": system.url,
            "E2E_SANDBOX_URL": system.sandbox_url,
            "E2E_DATA_DIR": str(data_dir),
            "E2E_PYTHON": sys.executable,
            "E2E_PROVIDER_URL": provider.issuer,
        }
        done = subprocess.run(command or PLAYWRIGHT, cwd=FRONTEND, env=os.environ | addresses, check=False)
        return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
