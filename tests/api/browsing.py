"""A browser of a test: signs in, keeps its cookie, comes from an address that nobody else guesses from."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pyotp

PASSWORD = "a long enough password"
ORIGIN = "http://engage.test"


def state_of(app: Any) -> Any:
    """The state of the innermost application, which holds the services and the limits."""
    while not hasattr(app, "state"):
        app = app._app
    return app.state


@asynccontextmanager
async def a_browser(app: Any, address: str = "", url: str = ORIGIN) -> AsyncIterator[httpx.AsyncClient]:
    address = address or f"10.{uuid4().int % 256}.{uuid4().int % 256}.{uuid4().int % 256}"
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 40_000))
    async with httpx.AsyncClient(transport=transport, base_url=url) as browser:
        yield browser


async def sign_in(browser: httpx.AsyncClient, email: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
    return await browser.post("/auth/login", json={"email": email, "password": password, **more})


async def with_app(browser: httpx.AsyncClient) -> tuple[pyotp.TOTP, list[str]]:
    """Sets up an app; gives it, and the recovery codes. The code of this very moment is used up by it."""
    setup = await browser.post("/me/second-factor/totp")
    assert setup.status_code == 201, setup.text
    app = pyotp.TOTP(setup.json()["secret"])
    confirmed = await browser.post("/me/second-factor/totp/confirm", json={"code": app.now()})
    assert confirmed.status_code == 200, confirmed.text
    return app, confirmed.json()["recovery_codes"]


def next_code(app: pyotp.TOTP) -> str:
    """Of the step after this one, which passes already: a clock may be one step ahead."""
    return app.at(time.time(), counter_offset=1)


def minutes_pass(servers: Any, database: Any, email: str, minutes: int = 11) -> None:
    """Since it was last shown in the sessions of this user who sits there."""
    earlier = f"interval '{minutes} minutes'"
    servers.sql(
        f"update sessions set created_at = created_at - {earlier}, confirmed_at = confirmed_at - {earlier} "
        f"where user_id = (select id from users where email_key = '{email}')",
        database.name,
    )


async def actions(administrator: httpx.AsyncClient) -> list[str]:
    """What the audit log has, newest first."""
    return [entry["action"] for entry in (await administrator.get("/admin/audit-log")).json()["items"]]
