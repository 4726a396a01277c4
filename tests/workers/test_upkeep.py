"""What ran out is cleared out; what has not stays."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select

from adapters.clock import SystemClock
from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.operations import Operations
from adapters.postgres.passkeys import PostgresPasskeyGate
from adapters.postgres.tables import access_tokens, organizations, users

pytestmark = pytest.mark.anyio
NOW = SystemClock().system()


@pytest.fixture
async def transactions(postgres_url: str) -> AsyncIterator[Database]:
    database = Database(open_engine(postgres_url, pool_size=1))
    yield database
    await database.close()


async def test_a_challenge_that_ran_out_is_cleared_out_and_a_good_one_stays(transactions: Database) -> None:
    gate, over, good = PostgresPasskeyGate(transactions), uuid4(), uuid4()
    await gate.keep_challenge(over, b"over", None, NOW - timedelta(seconds=1))
    await gate.keep_challenge(good, b"good", None, NOW + timedelta(seconds=60))
    await Operations(transactions, SystemClock()).clear_out(NOW, NOW - timedelta(days=1))
    earlier = NOW - timedelta(days=1)
    assert [await gate.take_challenge(one, None, earlier) for one in (over, good)] == [None, b"good"]


async def test_a_token_that_ran_out_is_cleared_out_and_a_good_one_stays(transactions: Database) -> None:
    organization, user = uuid4(), uuid4()
    mine = {"organization_id": organization, "created_at": NOW}
    async with transactions.application(organization) as transaction:
        named = {"id": organization, "name": "Northwind", "postal_address": "", "dispatch_paused": False, "version": 1}
        await transaction.execute(insert(organizations).values(**named, created_at=NOW))
        person = {"email": "a@example.com", "email_key": "a@example.com", "name": "A", "role": "contributor"}
        settings = {"state": "active", "time_zone": "UTC", "culture": "en-US", "start_salesflow_on_behalf": False}
        await transaction.execute(
            insert(users).values(id=user, version=1, updated_at=NOW, **mine, **person, **settings)
        )
        for name, left in (("over", -1), ("good", 1)):
            token = {"id": uuid4(), "user_id": user, "name": name, "token_hash": uuid4().bytes, "scopes": []}
            await transaction.execute(
                insert(access_tokens).values(expires_at=NOW + timedelta(days=left), **token, **mine)
            )
    await Operations(transactions, SystemClock()).clear_out(NOW, NOW - timedelta(days=1))
    async with transactions.application(organization) as transaction:
        assert (await transaction.execute(select(func.array_agg(access_tokens.c.name)))).scalar() == ["good"]
