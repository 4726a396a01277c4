"""A database that is away, stopped or broken off is Unavailable, whatever the driver calls it."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from adapters.postgres.database import Database
from adapters.postgres.failures import translated
from domain.shared.errors import Unavailable

pytestmark = pytest.mark.anyio

LOCK = 20_261_128
PATIENCE_SECONDS = 10.0


async def test_a_statement_that_takes_too_long(transactions: Database) -> None:
    with pytest.raises(Unavailable):
        async with transactions.application(uuid4()) as transaction:
            await transaction.run("set local statement_timeout = '20ms'")
            await transaction.run("select pg_sleep(60)")

    async with transactions.application(uuid4()) as transaction:
        assert await transaction.run("select 1")


async def test_whoever_was_idle_for_too_long(transactions: Database) -> None:
    with pytest.raises(Unavailable):
        async with transactions.application(uuid4()) as transaction, transactions.system() as onlooker:
            await transaction.run(f"select pg_advisory_xact_lock({LOCK})")
            await transaction.run("set local idle_in_transaction_session_timeout = '20ms'")
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not (await onlooker.run(f"select pg_try_advisory_xact_lock({LOCK})"))[0][0]:
                    continue
            await transaction.run("select 1")

    async with transactions.application(uuid4()) as transaction:
        assert await transaction.run("select 1")


async def test_an_answer_that_was_broken_off() -> None:
    with pytest.raises(Unavailable), translated():
        raise asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress")
