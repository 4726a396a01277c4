"""The audit log in PostgreSQL: numbered without holes, chained, written once."""

import asyncio
from typing import Any

import asyncpg
import pytest
from sqlalchemy import select

from adapters.postgres.account_tables import audit_entries
from domain.accounts.audit import BEGINNING, Act, Action, Actor, ActorKind, record, record_by_system
from domain.accounts.origin import Origin, comes_from
from domain.shared.principal import Principal, Role

pytestmark = pytest.mark.anyio


async def entries(people: Any) -> list[Any]:
    async with people.units.of(people.organization_id) as unit:
        return list((await unit._transaction.execute(select(audit_entries).order_by(audit_entries.c.seq))).all())


async def test_entries_are_numbered_and_chained_by_whoever_writes_at_once(people: Any) -> None:
    async def write() -> None:
        async with people.units.of(people.organization_id) as unit:
            await record_by_system(unit, Act(Action.SETTINGS_CHANGED), people.now)

    await asyncio.gather(*(write() for _ in range(8)))
    found = await entries(people)
    assert [row.seq for row in found] == list(range(1, 9))
    assert [bytes(row.previous) for row in found] == [BEGINNING, *(bytes(row.hash) for row in found[:-1])]


async def test_an_entry_says_who_and_from_where(people: Any) -> None:
    user = await people.add("Ada Byron")
    comes_from(Origin("203.0.113.7", "Browser", "r-1"))
    principal = Principal(people.organization_id, user.id, Role.CONTRIBUTOR, frozenset({"me:write"}))
    async with people.units.of(people.organization_id) as unit:
        await record(unit, principal, Act(Action.TOKEN_CREATED), people.now)
    [row] = await entries(people)
    assert (row.actor_kind, row.actor_id, row.actor_name) == (ActorKind.TOKEN, user.id, "Ada Byron")
    assert (row.address, row.user_agent, row.request_id) == ("203.0.113.7", "Browser", "r-1")


async def test_what_is_rolled_back_is_not_on_record(people: Any) -> None:
    with pytest.raises(RuntimeError):
        async with people.units.of(people.organization_id) as unit:
            await unit.audit.append(Actor(ActorKind.SYSTEM, "system"), Act(Action.USER_DELETED), Origin(), people.now)
            raise RuntimeError
    assert await entries(people) == []


@pytest.mark.parametrize("change", ["update audit_entries set seq = 2", "delete from audit_entries"])
async def test_nobody_changes_history(people: Any, owner_url: str, change: str) -> None:
    async with people.units.of(people.organization_id) as unit:
        await record_by_system(unit, Act(Action.SETTINGS_CHANGED), people.now)
    async with people.units.of(people.organization_id) as unit:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await unit._transaction.driver.execute(change)
        await unit._transaction.driver.execute("ROLLBACK; BEGIN")


async def test_not_even_the_owner_empties_it(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url.replace("+asyncpg", ""))
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute("truncate audit_entries")
    await connection.close()
