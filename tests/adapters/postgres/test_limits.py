"""No transaction keeps others waiting for long."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine

pytestmark = pytest.mark.anyio


@pytest.fixture
async def transactions(postgres_url: str) -> AsyncIterator[Database]:
    database = Database(open_engine(postgres_url, pool_size=1))
    yield database
    await database.close()


@pytest.mark.parametrize(
    ("limit", "value"),
    [("statement_timeout", "10s"), ("idle_in_transaction_session_timeout", "30s"), ("jit", "off")],
)
async def test_every_transaction_has_its_limits(transactions: Database, limit: str, value: str) -> None:
    async with transactions.application(uuid4()) as transaction:
        assert await transaction.driver.fetchval(f"show {limit}") == value


async def test_limits_end_with_the_transaction(transactions: Database) -> None:
    async with transactions.system() as transaction:
        driver = transaction.driver
    assert await driver.fetchval("show statement_timeout") == "0"
