"""The directory: a page of 50 contacts over HTTP, with its token, its organization and its rules.

The reference is what asyncpg and FastAPI can do without any of them: a keyset page on one prepared connection that
bypasses row-level security, and a route that answers with a Response. Both read the same table.
"""

import asyncio
import base64
import secrets
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import quote
from uuid import UUID

import asyncpg
import psutil

from adapters.bootstrap import open_container
from adapters.embedded import EmbeddedServers, start
from adapters.embedded.postgres import SUPERUSER
from adapters.postgres.contact_search import order_of
from adapters.postgres.paging import write_cursor
from adapters.settings import Settings, load_settings
from bench.conditions import every_page, fill_conditions
from bench.contacts_data import fill
from bench.lists_reference import PAGE
from bench.load import Load, load
from bench.report import Owed, Row
from bench.serving import serving
from domain.accounts.model import NewOrganization
from domain.contacts.model import ContactFilter, ContactSort
from migrations.run import upgrade

SIZE = 1_000_000
ROUNDS = 5
SECONDS = 3.0
CURSORS = 500
EMAIL = "admin@bench.example"
CLIENTS = 32


@dataclass(frozen=True, slots=True)
class Bed:
    """A filled database, a token, and where pages begin."""

    settings: Settings
    superuser_url: str
    organization_id: UUID
    token: str
    owner_id: UUID
    starts: Sequence[UUID]


@dataclass(slots=True)
class Served:
    """A running server process."""

    url: str
    process: psutil.Process
    peak: int = 0

    def load(self, paths: Sequence[str], connections: int, token: str = "") -> Load:
        found = load(self.url, paths, seconds=SECONDS, connections=connections, token=token)
        self.peak = max(self.peak, self.process.memory_info().rss)
        return found


def run(size: int | None = None) -> list[Row]:
    """Rows 2a (median time of one client), 2b (pages a second at 32), 2c (deep pages; every filter and order)."""
    size = size or SIZE
    with ExitStack() as stack:
        bed = stack.enter_context(filled_bed(size))
        ours = stack.enter_context(_serving(["-m", "api.cli", "serve"], "/healthz", bed.settings))
        bare = stack.enter_context(_serving(["-m", "bench.lists_reference", bed.superuser_url], "/small"))
        rows = [_alone(bed, ours, bare, size), _crowded(bed, ours, bare, size), _deep(bed, ours, size)]
        asyncio.run(fill_conditions(bed.superuser_url, size))
        pages = every_page(bed.settings.database_url, bed.organization_id, bed.owner_id, size)
        return [*rows, *asyncio.run(pages)]


def _alone(bed: Bed, ours: Served, bare: Served, size: int) -> Row:
    """The time of a page for one client ÷ (the time of the statement + the time of a route)."""
    times, limits = [], []
    for _ in range(ROUNDS):
        times.append(ours.load(_our_paths(bed), 1, bed.token).p50)
        limits.append(asyncio.run(_statement(bed)) + bare.load(["/small"], 1).p50)
    return _row("2a list page of 50, p50, 1 connection", "ms", times, limits, Owed(1.5, 2.0), size, ours)


def _crowded(bed: Bed, ours: Served, bare: Served, size: int) -> Row:
    rates, limits = [], []
    for _ in range(ROUNDS):
        rates.append(ours.load(_our_paths(bed), CLIENTS, bed.token).per_second)
        limits.append(bare.load(_bare_paths(bed), CLIENTS).per_second)
    return _row("2b list pages of 50, 32 connections", "pages/s", rates, limits, Owed(0.7, 0.5), size, ours)


def _deep(bed: Bed, ours: Served, size: int) -> Row:
    """The page in the middle of all ÷ the first one."""
    order = order_of(ContactFilter(), ContactSort.CREATED_DESC)
    cursor = write_cursor(order, (asyncio.run(_middle(bed, size)),))
    times, limits = [], []
    for _ in range(ROUNDS):
        times.append(ours.load([f"/contacts?cursor={quote(cursor)}"], 1, bed.token).p50)
        limits.append(ours.load(["/contacts"], 1, bed.token).p50)
    return _row("2c page in the middle ÷ page 1, p50", "ms", times, limits, Owed(1.5, 2.0), size, ours)


async def _middle(bed: Bed, size: int) -> UUID:
    connection = await asyncpg.connect(bed.superuser_url)
    found: UUID = await connection.fetchval("select id from contacts order by id desc offset $1 limit 1", size // 2 - 1)
    await connection.close()
    return found


def _row(work: str, unit: str, ours: list[float], limits: list[float], owed: Owed, size: int, served: Served) -> Row:
    ratios = tuple(mine / limit for mine, limit in zip(ours, limits, strict=True))
    return Row(work, unit, median(ours), median(limits), owed, size, ratios, served.peak / 2**20)


def _our_paths(bed: Bed) -> list[str]:
    order = order_of(ContactFilter(), ContactSort.CREATED_DESC)
    return [f"/contacts?cursor={quote(write_cursor(order, (start,)))}" for start in bed.starts]


def _bare_paths(bed: Bed) -> list[str]:
    return [f"/contacts?organization_id={bed.organization_id}&id={start}" for start in bed.starts]


async def _statement(bed: Bed) -> float:
    """The median time of the keyset page on one connection, in milliseconds."""
    connection = await asyncpg.connect(bed.superuser_url, server_settings={"jit": "off"})
    times = []
    deadline = time.perf_counter() + SECONDS
    while time.perf_counter() < deadline:
        for last_id in bed.starts:
            began = time.perf_counter()
            await connection.fetch(PAGE, bed.organization_id, last_id)
            times.append((time.perf_counter() - began) * 1000)
    await connection.close()
    return median(times)


@contextmanager
def filled_bed(size: int) -> Iterator[Bed]:
    with tempfile.TemporaryDirectory(prefix="engage-bench-") as directory:
        Path(directory).chmod(0o711)
        servers = start(Path(directory))
        try:
            yield asyncio.run(_filled(servers, Path(directory), size))
        finally:
            servers.stop()


async def _filled(servers: EmbeddedServers, directory: Path, size: int) -> Bed:
    await upgrade(servers.database_owner_url)
    settings = load_settings(
        directory,
        database_url=servers.database_url,
        redis_url=servers.redis_url,
        secret_keys="bench:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    )
    async with open_container(settings) as container:
        new = NewOrganization("Bench", "Ada", EMAIL, "a long enough password")
        principal = await container.accounts.create_organization(new)
        token = await container.accounts.create_token_for(EMAIL, None)
    superuser_url = servers.postgres.url(SUPERUSER).replace("+asyncpg", "")
    starts = await fill(superuser_url, principal, size, CURSORS)
    return Bed(settings, superuser_url, principal.organization_id, token, principal.user_id, starts)


@contextmanager
def _serving(arguments: Sequence[str], probe: str, settings: Settings | None = None) -> Iterator[Served]:
    with serving(arguments, probe, variables(settings) if settings else None) as url:
        started = max(psutil.Process().children(), key=lambda child: child.create_time())
        yield Served(url, started)


def variables(settings: Settings) -> dict[str, str]:
    return {
        "ENGAGE_DATABASE_URL": settings.database_url,
        "ENGAGE_REDIS_URL": settings.redis_url,
        "ENGAGE_DATA_DIR": str(settings.data_dir),
        "ENGAGE_SECRET_KEYS": settings.secret_keys.get_secret_value(),
        # One user asks as much as the machine can answer.
        "ENGAGE_REQUESTS_PER_MINUTE": "1000000000",
    }
