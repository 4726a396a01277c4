"""A fault of ours is a problem with a request id: no word about the inside in the answer, no secret in the log."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI

from adapters.logging import configure_logging
from api import problems, refusals
from api.middleware import RequestFrame
from api.models import Body
from domain.shared.errors import EngageError

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse battery staple"


class SignIn(Body):
    email: str
    password: str


class Unheard(EngageError):
    """An error that nobody gave a status."""

    code = "unheard"


def failing_app() -> RequestFrame:
    """A route that fails in the midst of its work, behind the same frame and translation as ours."""
    app = FastAPI()
    problems.install(app)
    refusals.install(app)

    @app.post("/auth/login")
    async def log_in(body: SignIn) -> None:
        secret = body.password  # a local of the frames that the traceback shows
        raise RuntimeError("the sky fell") if secret else ValueError

    @app.get("/unheard")
    async def unheard() -> None:
        raise Unheard("of")

    return RequestFrame(app, https=True)


@pytest.fixture
async def client() -> Any:
    transport = httpx.ASGITransport(failing_app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://engage.test") as client:
        yield client


@pytest.fixture
def written(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    output = io.StringIO()
    monkeypatch.setattr(sys, "stderr", output)
    handlers, level = logging.root.handlers, logging.root.level
    configure_logging(settings.model_copy(update={"log_format": "json", "log_level": "DEBUG"}))
    yield output
    logging.root.handlers, logging.root.level = handlers, level
    structlog.reset_defaults()


async def sign_in(client: httpx.AsyncClient) -> httpx.Response:
    return await client.post("/auth/login", json={"email": "ann@example.com", "password": PASSWORD})


async def test_a_fault_is_a_problem_with_a_request_id(client: httpx.AsyncClient) -> None:
    answer = await sign_in(client)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json() == {
        "type": "urn:engage:problem:internal_error",
        "title": "Something went wrong",
        "status": 500,
        "detail": "Something went wrong on our side. The request id tells us where to look.",
        "instance": "/auth/login",
        "code": "internal_error",
        "request_id": answer.headers["x-request-id"],
    }


async def test_an_error_without_a_status_is_a_500_too(client: httpx.AsyncClient) -> None:
    answer = await client.get("/unheard")
    assert (answer.status_code, answer.json()["code"]) == (500, "unheard")


async def test_the_log_tells_what_happened_by_the_request_id(client: httpx.AsyncClient, written: io.StringIO) -> None:
    request_id = (await sign_in(client)).headers["x-request-id"]
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    [line] = [line for line in lines if line["event"] == "request.failed"]
    assert line["request_id"] == request_id
    assert "the sky fell" in line["exception"]


async def test_the_log_does_not_tell_the_password(client: httpx.AsyncClient, written: io.StringIO) -> None:
    await sign_in(client)
    assert "request.failed" in written.getvalue()
    assert PASSWORD not in written.getvalue()
    assert "ann@example.com" not in written.getvalue()


async def test_neither_does_the_real_sign_in(
    organization: Any, servers: Any, database: Any, written: io.StringIO
) -> None:
    servers.sql("alter table credentials rename to credentials_elsewhere", database.name)
    try:
        async with organization.running.client() as stranger:
            guess = {"email": organization.contributor_email, "password": PASSWORD}
            answer = await stranger.post("/auth/login", json=guess)
    finally:
        servers.sql("alter table credentials_elsewhere rename to credentials", database.name)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "UndefinedTable" in written.getvalue()
    assert PASSWORD not in written.getvalue()
    assert organization.contributor_email not in written.getvalue()
