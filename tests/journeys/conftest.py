"""One running system for all journeys."""

import signal
from collections.abc import Iterator

import httpx
import pytest

from tests.journeys.running import System, start


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    process, system = start(tmp_path_factory.mktemp("engage run"))
    yield system
    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)
    assert process.stdout is not None
    process.stdout.close()


@pytest.fixture
def sandbox(system: System) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=system.sandbox, timeout=30) as client:
        yield client
