"""One running system for all journeys."""

from collections.abc import Iterator

import httpx
import pytest

from tests.project.engage_command import Run, reachable_directory, running


@pytest.fixture(scope="session")
def system() -> Iterator[Run]:
    """`engage run` with demo data, as somebody who tries Engage starts it."""
    with reachable_directory() as data_dir, running(data_dir) as started:
        yield started


@pytest.fixture
def sandbox(system: Run) -> Iterator[httpx.Client]:
    assert system.sandbox_url
    with httpx.Client(base_url=system.sandbox_url, timeout=30) as client:
        yield client
