"""Tracking: pixels a second with token, judgement-to-be and storage, against a bare ASGI application that has none.

Every answered open has to be in the database shortly after; how long the last one took is the second row.
"""

import asyncio
import base64
import secrets
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

import asyncpg

from adapters.bootstrap import open_container
from adapters.embedded import EmbeddedServers, start
from adapters.embedded.postgres import SUPERUSER
from adapters.settings import load_settings
from bench.load import load
from bench.report import AS_GOOD, Owed, Row
from bench.serving import serving
from domain.accounts.model import NewOrganization
from domain.contacts.model import NewContact
from migrations.run import upgrade

SIZE = 10_000
ROUNDS = 5
SECONDS = 3.0
CLIENTS = 32
DURABLE_WITHIN = 1.0

EMAILS = """
insert into emails (organization_id, id, mailbox_id, user_id, contact_id, send_key, state, due_at, sent_at, created_at)
select $1, id, $2, $3, $4, id::text, 'sent', now(), now(), now() from unnest($5::uuid[]) as id
"""
MAILBOX = """
insert into mailboxes (organization_id, id, user_id, connection_id, address, state, created_at)
values ($1, $2, $3, $2, 'rep@bench.example', 'disconnected', now())
"""


def run(size: int | None = None) -> list[Row]:
    """Row 5: opens of `size` emails in turn."""
    size = size or SIZE
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="engage-bench-")))
        directory.chmod(0o711)
        servers = start(directory)
        stack.callback(servers.stop)
        variables, paths = asyncio.run(_bed(servers, directory, size))
        ours = stack.enter_context(serving(["-m", "api.cli", "serve"], "/healthz", variables))
        bare = stack.enter_context(serving(["-m", "bench.tracking_reference"], "/"))
        database = servers.postgres.url(SUPERUSER).replace("+asyncpg", "")
        return _compared(ours, bare, paths, database, size)


def _compared(ours: str, bare: str, paths: Sequence[str], database: str, size: int) -> list[Row]:
    rates, limits, waits, stored = [], [], [], 0
    for _ in range(ROUNDS):
        seen = load(ours, paths, seconds=SECONDS, connections=CLIENTS)
        stored += seen.answers
        waits.append(asyncio.run(_until_stored(database, stored)))
        rates.append(seen.per_second)
        limits.append(load(bare, ["/pixel"], seconds=SECONDS, connections=CLIENTS).per_second)
    ratios = tuple(mine / limit for mine, limit in zip(rates, limits, strict=True))
    return [
        Row("5 pixel, 32 connections", "opens/s", median(rates), median(limits), Owed(0.6, 0.4), size, ratios),
        Row("5 pixel, last open stored after", "s", median(waits), DURABLE_WITHIN, AS_GOOD, size),
    ]


async def _until_stored(database: str, count: int) -> float:
    """Seconds until so many opens are in the database."""
    connection = await asyncpg.connect(database)
    began = time.perf_counter()
    try:
        while await connection.fetchval("select count(*) from tracking_hits") < count:
            if time.perf_counter() - began > 60:
                raise RuntimeError("opens were lost")
            await asyncio.sleep(0.01)
    finally:
        await connection.close()
    return time.perf_counter() - began


async def _bed(servers: EmbeddedServers, directory: Path, size: int) -> tuple[dict[str, str], list[str]]:
    """The variables of a server over emails that were sent, and the paths of their pixels."""
    await upgrade(servers.database_owner_url)
    ring = "bench:" + base64.b64encode(secrets.token_bytes(32)).decode()
    settings = load_settings(
        directory, database_url=servers.database_url, redis_url=servers.redis_url, secret_keys=ring
    )
    ids = [uuid4() for _ in range(size)]
    async with open_container(settings) as services:
        new = NewOrganization("Bench", "Ada", "admin@bench.example", "a long enough password")
        principal = await services.accounts.create_organization(new)
        contact = await services.contacts.create(principal, NewContact(last_name="Bench"))
        await _fill(servers, (principal.organization_id, principal.user_id, contact.id), ids)
        paths = [f"/t/o/{services.signer.sign_open(email_id)}" for email_id in ids]
    variables = {
        "ENGAGE_DATABASE_URL": settings.database_url,
        "ENGAGE_REDIS_URL": settings.redis_url,
        "ENGAGE_DATA_DIR": str(directory),
        "ENGAGE_SECRET_KEYS": ring,
    }
    return variables, paths


async def _fill(servers: EmbeddedServers, whose: tuple[UUID, UUID, UUID], ids: Sequence[UUID]) -> None:
    organization_id, user_id, contact_id = whose
    mailbox_id = uuid4()
    connection = await asyncpg.connect(servers.postgres.url(SUPERUSER).replace("+asyncpg", ""))
    await connection.execute(MAILBOX, organization_id, mailbox_id, user_id)
    await connection.execute(EMAILS, organization_id, mailbox_id, user_id, contact_id, list(ids))
    await connection.close()
