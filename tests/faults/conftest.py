"""As for the workers' tests, but with a lease that is over soon, and without quotas."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.settings import Settings
from tests.mailing import Prospects, prospects_at, settings_for
from tests.workers.conftest import clock_file, firm, prospects, rep, services

__all__ = ["clock_file", "firm", "prospects", "rep", "services"]


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory, clock_file: Path) -> Iterator[Prospects]:
    with prospects_at(tmp_path_factory.mktemp("sandbox"), clock_file) as prospects:
        # What is tested here is not patience with quotas.
        prospects.ask("PUT", "limits", json={"units_per_minute": 100_000_000, "sends_per_day": 100_000})
        yield prospects


@pytest.fixture(scope="session")
def settings(postgres_url: str, owner_url: str, redis_url: str, sandbox: Prospects, clock_file: Path) -> Settings:
    return settings_for(
        postgres_url,
        owner_url,
        redis_url,
        sandbox.url,
        clock_file,
        data_dir=clock_file.parent,
        lease_seconds=2,
        reconcile_after_seconds=0.5,
        mailbox_poll_seconds=5,
    )
