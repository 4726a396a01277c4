"""Services over real PostgreSQL, Redis and the stand-in of Google."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.bootstrap import Container
from adapters.settings import Settings
from tests.mailing import Firm, Prospects, Representative, found_firm, prospects_at, services_of, settings_for


@pytest.fixture(scope="session")
def clock_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clock") / "offset"


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory, clock_file: Path) -> Iterator[Prospects]:
    with prospects_at(tmp_path_factory.mktemp("sandbox"), clock_file) as prospects:
        yield prospects


@pytest.fixture
def prospects(sandbox: Prospects) -> Iterator[Prospects]:
    """Without the troubles of the test before."""
    yield sandbox
    sandbox.faults()
    sandbox.behave(search_lag_seconds=0, keep_message_id=False, access_token_seconds=3599)


@pytest.fixture(scope="session")
def settings(postgres_url: str, owner_url: str, redis_url: str, sandbox: Prospects, clock_file: Path) -> Settings:
    return settings_for(postgres_url, owner_url, redis_url, sandbox.url, clock_file)


@pytest.fixture(scope="session")
async def services(settings: Settings, anyio_backend: str) -> AsyncIterator[Container]:
    async with services_of(settings) as container:
        yield container


@pytest.fixture
async def firm(services: Container, prospects: Prospects) -> Firm:
    return await found_firm(services, prospects)


@pytest.fixture
async def rep(firm: Firm) -> Representative:
    """A representative whose mailbox is connected."""
    somebody = await firm.hire()
    await somebody.connected()
    return somebody
