"""The real application over real servers, and people of two organizations who use it."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, nullcontext
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest

from adapters.bootstrap import Container, open_container
from adapters.settings import Settings
from api.app import build_app
from domain.accounts.model import NewOrganization, NewUser
from domain.shared.principal import Principal, Role

PUBLIC_URL = "http://engage.test"
PASSWORD = "a long enough password"


@pytest.fixture(scope="session")
def settings(postgres_url: str, owner_url: str, redis_url: str) -> Settings:
    return Settings(
        database_url=postgres_url,
        database_owner_url=owner_url,
        redis_url=redis_url,
        public_url=PUBLIC_URL,
        secret_keys="test:" + base64.b64encode(b"k" * 32).decode(),
        password_memory_kib=1024,
        password_passes=1,
        requests_per_minute=1_000_000,
        google_client_id="engage",
        google_client_secret="secret",
    )


@dataclass(frozen=True)
class Running:
    """The application and, for arranging, the services inside of it."""

    app: object
    container: Container

    def client(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)  # type: ignore[arg-type]
        return httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers=headers)


@pytest.fixture(scope="session")
async def running(settings: Settings, anyio_backend: str) -> AsyncIterator[Running]:
    async with AsyncExitStack() as stack:
        container = await stack.enter_async_context(open_container(settings))
        app = build_app(settings, lambda: nullcontext(container))
        await stack.enter_async_context(_lifespan(app))
        yield Running(app, container)


class _lifespan:  # noqa: N801 - reads like the function that it is
    """Drives the ASGI lifespan, which httpx leaves out."""

    def __init__(self, app: object) -> None:
        self._app = app

    async def __aenter__(self) -> None:
        self._to_app: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._from_app: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self._task = asyncio.create_task(self._app(scope, self._to_app.get, self._from_app.put))  # type: ignore[operator]
        await self._to_app.put({"type": "lifespan.startup"})
        answer = await self._from_app.get()
        assert answer["type"] == "lifespan.startup.complete", answer

    async def __aexit__(self, *_: object) -> None:
        await self._to_app.put({"type": "lifespan.shutdown"})
        await self._from_app.get()
        await self._task


@dataclass(frozen=True)
class Organization:
    """An organization with an Administrator and a Contributor, and how to ask as them."""

    running: Running
    administrator: Principal
    contributor: Principal
    administrator_email: str
    contributor_email: str

    async def token(self, email: str, *scopes: str) -> str:
        return await self.running.container.accounts.create_token_for(email, scopes or None)

    async def as_administrator(self, *scopes: str) -> httpx.AsyncClient:
        return self.running.client(authorization=f"Bearer {await self.token(self.administrator_email, *scopes)}")

    async def as_contributor(self, *scopes: str) -> httpx.AsyncClient:
        return self.running.client(authorization=f"Bearer {await self.token(self.contributor_email, *scopes)}")


NewOrganizations = Callable[[], Awaitable[Organization]]


@pytest.fixture(scope="session")
def new_organization(running: Running) -> NewOrganizations:
    async def make() -> Organization:
        accounts = running.container.accounts
        name = uuid4().hex[:8]
        boss, rep = f"admin.{name}@example.com", f"rep.{name}@example.com"
        administrator = await accounts.create_organization(
            NewOrganization(f"Organization {name}", "Ada Admin", boss, PASSWORD), any_password=True
        )
        user = await accounts.create_user(
            administrator, NewUser("Rob Rep", rep, Role.CONTRIBUTOR, PASSWORD), any_password=True
        )
        contributor = Principal(administrator.organization_id, user.id, Role.CONTRIBUTOR)
        return Organization(running, administrator, contributor, boss, rep)

    return make


@pytest.fixture
async def organization(new_organization: NewOrganizations) -> Organization:
    return await new_organization()


@pytest.fixture
async def client(organization: Organization) -> AsyncIterator[httpx.AsyncClient]:
    """Asks as the Contributor, with every scope."""
    async with await organization.as_contributor() as client:
        yield client


@pytest.fixture
async def administrator(organization: Organization) -> AsyncIterator[httpx.AsyncClient]:
    """Asks as the Administrator, with every scope."""
    async with await organization.as_administrator() as client:
        yield client
