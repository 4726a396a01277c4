"""The OpenAPI document holds: schemathesis derives requests from it, right and wrong ones, and checks every answer."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from adapters.bootstrap import open_container
from adapters.settings import Settings
from api.app import build_app
from tests.api.seeds import seed

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
EXAMPLES = "4"
SEED = "20260801"
# Refusals that no schema foresees: guesses, the state of things, a cursor of another list, an unknown time zone.
FORESEEN = ["2xx", "3xx", 400, 401, 403, 404, 409, 412, 422, 429]
REFUSED = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429]
# Its right answer has no end, which is waited for; tests/api/test_feed.py asks it.
ENDLESS = ["--exclude-path", "/me/feed/stream"]
CONFIGURATION = f"""
[auth.openapi.HTTPBearer]
bearer = "${{TOKEN}}"
[checks.positive_data_acceptance]
expected-statuses = {json.dumps(FORESEEN)}
[checks.negative_data_rejection]
expected-statuses = {json.dumps(REFUSED)}
"""


class Served:
    """The real application on a port, in a thread and an event loop of its own."""

    def __init__(self, settings: Settings) -> None:
        app = build_app(settings, lambda: open_container(settings))
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
        self._thread = threading.Thread(target=self._server.run)

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.02)
            assert self._thread.is_alive()
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    with Served(settings) as address:
        yield address


@pytest.fixture
async def token(organization: Any) -> str:
    """Of an Administrator, in an organization with something in it."""
    await seed(organization)
    return str(await organization.token(organization.administrator_email))


@pytest.mark.timeout(600)
def test_every_answer_is_as_documented(address: str, token: str, tmp_path: Path) -> None:
    """No 500, no undocumented status, type or shape; wrong data, methods and tokens are refused; NUL bytes included."""
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(CONFIGURATION)
    asked = ["--config-file", str(configuration), "run", f"{address}/openapi.json", "--checks", "all"]
    phases = [
        "--phases",
        "coverage,fuzzing,stateful",
        "--max-examples",
        EXAMPLES,
        "--continue-on-failure",
        "--workers",
        "1",
    ]
    steady = ["--seed", SEED, "--generation-database", "none", "--suppress-health-check", "all", "--no-shrink"]
    data = ["--generation-allow-x00", "true", "--warnings", "off", "--no-color"]
    command = [str(SCHEMATHESIS), *asked, *phases, *steady, *data, *ENDLESS]

    run = subprocess.run(command, env={"TOKEN": token}, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr
