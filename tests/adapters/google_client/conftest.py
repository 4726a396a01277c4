"""Google's own client library, pointed at the sandbox by nothing but its public options."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

from adapters.sandbox.serve import running_sandbox


@pytest.fixture(scope="session")
def sandbox_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as url:
        yield url


@pytest.fixture
def token(sandbox_url: str) -> dict[str, str]:
    wanted = {"provider": "google", "account": "rep@demo.example"}
    issued: dict[str, str] = httpx.post(f"{sandbox_url}/control/tokens", json=wanted).json()
    return issued


@pytest.fixture
def service(sandbox_url: str) -> Iterator[Callable[[Credentials], Any]]:
    """The Gmail service as the library builds it, for these credentials."""
    built: list[Any] = []

    def make(credentials: Credentials) -> Any:
        options = {"api_endpoint": f"{sandbox_url}/google"}
        built.append(build("gmail", "v1", credentials=credentials, client_options=options, static_discovery=True))
        return built[-1]

    yield make
    for one in built:
        one.close()


@pytest.fixture
def users(service: Callable[[Credentials], Any], token: dict[str, str]) -> Any:
    """`gmail.users()` with a fresh token."""
    return service(Credentials(token["access_token"])).users()
