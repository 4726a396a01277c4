"""What every test may ask for: a database and a Redis of its own process, migrated, real."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

_spec = importlib.util.spec_from_file_location("tests_servers", Path(__file__).with_name("servers.py"))
assert _spec is not None
assert _spec.loader is not None
servers_module = importlib.util.module_from_spec(_spec)
sys.modules["tests_servers"] = servers_module
_spec.loader.exec_module(servers_module)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the long forms of the fault tests")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "soak: has a long form; `make soak` runs these alone, with --soak")
    if not hasattr(config, "workerinput"):
        config.test_run = servers_module.TestRun()  # type: ignore[attr-defined]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["servers"] = str(node.config.test_run.directory)


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "test_run"):
        config.test_run.end()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    """Whether the long form is asked for."""
    return bool(request.config.getoption("--soak"))


@pytest.fixture(scope="session")
def worker_number(request: pytest.FixtureRequest) -> int:
    """0, 1, … among the pytest processes of this run."""
    name = getattr(request.config, "workerinput", {}).get("workerid", "gw0")
    return int(name.removeprefix("gw"))


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Any:
    """`new_database(name, migrated=True)`, `redis_url(number)`, `sql(statements, database)`."""
    given = getattr(request.config, "workerinput", {}).get("servers")
    return servers_module.Servers(Path(given) if given else request.config.test_run.directory)  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def database(servers: Any, worker_number: int) -> Any:
    """The migrated database of this pytest process: `name`, `url`, `owner_url`."""
    return servers.new_database(f"worker_{worker_number}")


@pytest.fixture(scope="session")
def postgres_url(database: Any) -> str:
    """As the application logs in (`postgresql+asyncpg://`)."""
    return str(database.url)


@pytest.fixture(scope="session")
def owner_url(database: Any) -> str:
    """As the owner of the schema."""
    return str(database.owner_url)


@pytest.fixture(scope="session")
def redis_url(servers: Any, worker_number: int) -> str:
    """A Redis database of this pytest process alone."""
    return str(servers.redis_url(worker_number))
