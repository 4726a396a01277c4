"""A PostgreSQL of a test's own, which dies and comes back."""

import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from adapters.bootstrap import Container
from adapters.embedded import EmbeddedServers, start
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.settings import Settings
from domain.shared.errors import Unavailable
from migrations.run import upgrade
from tests.mailing import Firm, Prospects, eventually, services_of, settings_for


@pytest.fixture(scope="module")
def servers_to_harm() -> Iterator[EmbeddedServers]:
    """Servers whose data outlive them."""
    # PostgreSQL runs as a user of its own, who has to pass.
    directory = Path(tempfile.mkdtemp(prefix="engage-harmed-"))
    directory.chmod(0o711)
    servers = start(directory / "data")
    yield servers
    servers.stop()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="module")
async def settings(
    servers_to_harm: EmbeddedServers, sandbox: Prospects, clock_file: Path, anyio_backend: str
) -> Settings:
    """Of an installation on them."""
    servers, owner_url = servers_to_harm, servers_to_harm.database_owner_url
    await upgrade(owner_url)
    return settings_for(
        servers.database_url, owner_url, servers.redis_url, sandbox.url, clock_file, data_dir=clock_file.parent
    )


@pytest.fixture(scope="module")
async def services(settings: Settings, anyio_backend: str) -> AsyncIterator[Container]:
    async with services_of(settings) as container:
        yield container


def fall(postgres: EmbeddedPostgres, *, wait: bool = True) -> None:
    """As `pg_ctl stop -m immediate`: no session is asked, nothing is written any more."""
    assert postgres.process is not None
    postgres.process.send_signal(signal.SIGQUIT)
    if wait:
        postgres.process.wait()


async def rise(postgres: EmbeddedPostgres, firm: Firm) -> None:
    """It has died, or is about to; afterwards it is there for the firm again."""
    assert postgres.process is not None
    postgres.process.wait()
    postgres.restart()

    async def answers() -> bool:
        # Connections that broke are found out one by one.
        with suppress(Unavailable):
            return bool(await firm.sql("select 1"))
        return False

    await eventually("it answers again", answers)
