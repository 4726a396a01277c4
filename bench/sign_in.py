"""Signing in: while twenty people do at once, everybody else is answered as if nothing was going on.

A password takes 100 to 250 ms of a processor on purpose. `/healthz` touches nothing but the event loop, so how long it
takes is how long every other request is held up.
"""

import asyncio
import base64
import secrets
import tempfile
import time
from collections.abc import Awaitable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import httpx

from adapters.bootstrap import open_container
from adapters.embedded import EmbeddedServers, start
from adapters.settings import load_settings
from bench.report import AS_GOOD, Row
from bench.serving import serving
from domain.accounts.model import NewOrganization
from migrations.run import upgrade

AT_ONCE = 20
SECONDS = 10.0
PACE_SECONDS = 0.01
HELD_UP_AT_MOST = 50.0
ALONE_AT_MOST = 250.0
EMAIL, PASSWORD = "admin@bench.example", "violet harbour trombone 41"


@dataclass(frozen=True, slots=True)
class Seen:
    """Milliseconds of each answer."""

    alone: list[float]
    health: list[float]


def run(size: int | None = None) -> list[Row]:
    """`size` people who sign in at once, again and again."""
    size = size or AT_ONCE
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="engage-bench-")))
        directory.chmod(0o711)
        servers = start(directory)
        stack.callback(servers.stop)
        variables = asyncio.run(_bed(servers, directory))
        url = stack.enter_context(serving(["-m", "api.cli", "serve"], "/healthz", variables))
        seen = asyncio.run(_watched(url, size))
    p99 = quantiles(seen.health, n=100)[98]
    return [
        Row("sign-in, /healthz p99 meanwhile", "ms", p99, HELD_UP_AT_MOST, AS_GOOD, size),
        Row("sign-in, alone", "ms", median(seen.alone), ALONE_AT_MOST, AS_GOOD, 1),
    ]


async def _watched(url: str, at_once: int) -> Seen:
    limits = httpx.Limits(max_connections=at_once + 1)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits, trust_env=False) as client:
        alone = [await _timed(_sign_in(client)) for _ in range(10)]
        deadline = time.perf_counter() + SECONDS
        people = [asyncio.create_task(_again_and_again(client, deadline)) for _ in range(at_once)]
        health = []
        while time.perf_counter() < deadline:
            health.append(await _timed(_ask(client)))
            await asyncio.sleep(PACE_SECONDS)
        await asyncio.gather(*people)
    return Seen(alone, health)


async def _again_and_again(client: httpx.AsyncClient, deadline: float) -> None:
    while time.perf_counter() < deadline:
        await _sign_in(client)


async def _sign_in(client: httpx.AsyncClient) -> None:
    answer = await client.post("/auth/login", json={"email": EMAIL, "password": PASSWORD}, headers={"cookie": ""})
    answer.raise_for_status()


async def _ask(client: httpx.AsyncClient) -> None:
    (await client.get("/healthz")).raise_for_status()


async def _timed(asked: Awaitable[None]) -> float:
    began = time.perf_counter()
    await asked
    return (time.perf_counter() - began) * 1000


async def _bed(servers: EmbeddedServers, directory: Path) -> dict[str, str]:
    """The variables of a server at which somebody can sign in."""
    await upgrade(servers.database_owner_url)
    ring = "bench:" + base64.b64encode(secrets.token_bytes(32)).decode()
    settings = load_settings(
        directory, database_url=servers.database_url, redis_url=servers.redis_url, secret_keys=ring
    )
    async with open_container(settings) as services:
        await services.accounts.create_organization(NewOrganization("Bench", "Ada", EMAIL, PASSWORD))
    return {
        "ENGAGE_DATABASE_URL": settings.database_url,
        "ENGAGE_REDIS_URL": settings.redis_url,
        "ENGAGE_DATA_DIR": str(directory),
        "ENGAGE_SECRET_KEYS": ring,
    }
