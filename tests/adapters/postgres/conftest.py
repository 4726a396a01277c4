"""Stores over a real PostgreSQL, and organizations with people in them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from adapters.clock import SystemClock
from adapters.crypto import KeyRing
from adapters.ids import RandomIds
from adapters.postgres.database import Database
from adapters.postgres.engine import open_engine
from adapters.postgres.suppressions import SuppressionHashes
from adapters.postgres.unit_of_work import PostgresUnits
from domain.accounts.model import Organization, User
from domain.shared.ids import OrganizationId, UserId
from domain.shared.principal import Role

KEYS = KeyRing([("test", bytes(32))])


@dataclass
class SetClock:
    """Time that a test sets."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant

    def system(self) -> datetime:
        return self.instant


@dataclass(frozen=True)
class People:
    """An organization and its people, for arranging."""

    units: PostgresUnits
    organization_id: OrganizationId
    now: datetime

    async def add(self, name: str = "Ann Example", **more: Any) -> User:
        user_id = UserId(uuid4())
        user = User(user_id, f"{user_id.hex}@example.com", name, Role.CONTRIBUTOR, self.now, self.now)
        async with self.units.of(self.organization_id) as unit:
            await unit.users.add(replace(user, **more))
        return replace(user, **more)


@pytest.fixture
async def transactions(postgres_url: str) -> AsyncIterator[Database]:
    database = Database(open_engine(postgres_url, pool_size=4))
    yield database
    await database.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(SystemClock().system())


@pytest.fixture
def units(transactions: Database, clock: SetClock) -> PostgresUnits:
    return PostgresUnits(transactions, RandomIds(), clock, SuppressionHashes(KEYS.keyed_hash))


async def an_organization(units: PostgresUnits, now: datetime) -> People:
    organization_id = OrganizationId(uuid4())
    async with units.of(organization_id) as unit:
        await unit.organizations.add(Organization(organization_id, "Northwind", now))
    return People(units, organization_id, now)


@pytest.fixture
async def people(units: PostgresUnits, clock: SetClock) -> People:
    return await an_organization(units, clock.now())


@pytest.fixture
async def strangers(units: PostgresUnits, clock: SetClock) -> People:
    """Another organization."""
    return await an_organization(units, clock.now())
