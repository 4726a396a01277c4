"""The gate: who stands behind a session, a token, an address."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import anyio
import pytest
from sqlalchemy import delete, update

from adapters.crypto import RandomSecrets
from adapters.ids import RandomIds
from adapters.postgres.database import Database
from adapters.postgres.gate import PostgresGate
from adapters.postgres.tables import users
from adapters.postgres.unit_of_work import PostgresUnits
from domain.accounts.model import AccessToken, SignInPolicy, User, UserState
from domain.accounts.sessions import new_session
from domain.shared.errors import NotFound
from domain.shared.ids import TokenId
from domain.shared.principal import Principal, Role

pytestmark = pytest.mark.anyio

POLICY = SignInPolicy()
IDLE = timedelta(minutes=POLICY.session_idle_minutes)
ABSOLUTE = timedelta(days=POLICY.session_days)


@pytest.fixture
async def gate(transactions: Database, clock: Any) -> AsyncIterator[PostgresGate]:
    gate = PostgresGate(transactions, clock)
    yield gate
    await gate.close()


def a_hash() -> bytes:
    token_hash = RandomSecrets().hash_of_session(RandomSecrets().new_session())
    assert token_hash
    return token_hash


async def signed_in(people: Any, user: User, policy: SignInPolicy = POLICY, **more: bool) -> bytes:
    token_hash, where = a_hash(), ("127.0.0.1", "tests")
    async with people.units.of(people.organization_id) as unit:
        await unit.sessions.add(new_session(RandomIds(), user.id, token_hash, *where, people.now, policy, **more))
    return token_hash


async def with_token(people: Any, user: User, *scopes: str, days: int = 1) -> AccessToken:
    token = AccessToken(
        TokenId(uuid4()), user.id, "script", a_hash(), scopes, people.now, people.now + timedelta(days=days)
    )
    async with people.units.of(people.organization_id) as unit:
        await unit.access.add_token(token)
    return token


async def eventually(fact: Callable[[], Awaitable[bool]], within: float = 5) -> bool:
    """Whether it comes true in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if await fact():
            return True
        await anyio.sleep(0.01)
    return False


async def test_a_session_stands_for_its_user(gate: PostgresGate, people: Any) -> None:
    user = await people.add(role=Role.ADMINISTRATOR)
    found = await gate.session(await signed_in(people, user))
    assert found == Principal(people.organization_id, user.id, Role.ADMINISTRATOR, None)


async def test_a_hash_that_nobody_has_stands_for_nobody(gate: PostgresGate) -> None:
    assert await gate.session(a_hash()) is None
    assert await gate.token(a_hash()) is None


async def test_a_session_is_no_access_token(gate: PostgresGate, people: Any) -> None:
    assert await gate.token(await signed_in(people, await people.add())) is None


async def test_a_session_ends_when_it_is_idle(gate: PostgresGate, people: Any, clock: Any) -> None:
    token_hash = await signed_in(people, await people.add())
    clock.instant += IDLE
    assert await gate.session(token_hash) is None


async def test_how_long_it_may_be_idle_is_the_sessions_own(gate: PostgresGate, people: Any, clock: Any) -> None:
    user = await people.add()
    short, long = [await signed_in(people, user, SignInPolicy(session_idle_minutes=minutes)) for minutes in (5, 60)]
    clock.instant += timedelta(minutes=5)
    assert await gate.session(short) is None
    assert await gate.session(long) is not None


async def require_second_factor(people: Any) -> None:
    async with people.units.of(people.organization_id) as unit:
        organization = await unit.organizations.get()
        await unit.organizations.save(replace(organization, policy=SignInPolicy(require_second_factor=True)))


async def test_without_a_required_second_factor_a_session_is_unfinished(gate: PostgresGate, people: Any) -> None:
    user = await people.add()
    bare, proven = await signed_in(people, user), await signed_in(people, user, second_factor=True)
    await require_second_factor(people)
    found = [await gate.session(token_hash) for token_hash in (bare, proven)]
    assert [principal and principal.must_set_up_second_factor for principal in found] == [True, False]


async def test_a_token_is_as_finished_as_its_user(gate: PostgresGate, people: Any) -> None:
    bare, proven = await people.add(), await people.add(second_factor=True)
    tokens = [await with_token(people, user, "me:read") for user in (bare, proven)]
    await require_second_factor(people)
    found = [await gate.token(token.token_hash) for token in tokens]
    assert [principal and principal.must_set_up_second_factor for principal in found] == [True, False]


async def test_a_session_that_is_used_goes_on_but_not_for_ever(gate: PostgresGate, people: Any, clock: Any) -> None:
    token_hash = await signed_in(people, await people.add())
    started, step = clock.instant, IDLE - timedelta(minutes=5)
    while clock.instant + step < started + ABSOLUTE:
        clock.instant += step
        gate.forget(token_hash)
        assert await gate.session(token_hash) is not None
        await gate.close()
    clock.instant = started + ABSOLUTE
    gate.forget(token_hash)
    assert await gate.session(token_hash) is None


async def test_a_token_brings_its_scopes(gate: PostgresGate, people: Any) -> None:
    token = await with_token(people, await people.add(), "contacts:read")
    found = await gate.token(token.token_hash)
    assert found is not None
    assert found.scopes == {"contacts:read"}


async def test_a_token_ends_with_its_expiry(gate: PostgresGate, people: Any, clock: Any) -> None:
    token = await with_token(people, await people.add(), "contacts:read", days=1)
    clock.instant += timedelta(days=1)
    assert await gate.token(token.token_hash) is None


async def test_the_use_of_a_token_is_noted(gate: PostgresGate, people: Any, units: PostgresUnits) -> None:
    user = await people.add()
    token = await with_token(people, user, "contacts:read")
    await gate.token(token.token_hash)

    async def noted() -> bool:
        async with units.of(people.organization_id) as unit:
            return (await unit.access.tokens(user.id))[0].last_used_at == people.now

    assert await eventually(noted)


async def test_an_invited_user_is_not_let_in(gate: PostgresGate, people: Any) -> None:
    user = await people.add(state=UserState.INVITED)
    async with people.units.of(people.organization_id) as unit:
        await unit.access.set_password(user, "hash", people.now)
    assert await gate.credentials(user.email_key) is None
    assert await gate.session(await signed_in(people, user)) is None


async def test_credentials_are_found_by_the_address(gate: PostgresGate, people: Any) -> None:
    user = await people.add()
    async with people.units.of(people.organization_id) as unit:
        await unit.access.set_password(user, "first", people.now)
        await unit.access.set_password(user, "second", people.now)
    found = await gate.credentials(user.email_key)
    assert found is not None
    assert (found.organization_id, found.user_id, found.password_hash) == (people.organization_id, user.id, "second")


async def test_an_answer_serves_without_the_database_for_a_moment(
    gate: PostgresGate, people: Any, transactions: Database
) -> None:
    token_hash = await signed_in(people, await people.add())
    await gate.session(token_hash)
    await transactions.close()
    assert await gate.session(token_hash) is not None


async def test_a_session_that_is_forgotten_is_looked_up(gate: PostgresGate, people: Any) -> None:
    token_hash = await signed_in(people, await people.add())
    await gate.session(token_hash)
    async with people.units.of(people.organization_id) as unit:
        await unit.sessions.end(token_hash)
    gate.forget(token_hash)
    assert await gate.session(token_hash) is None


async def test_a_revocation_elsewhere_is_felt_within_a_second(gate: PostgresGate, people: Any) -> None:
    user = await people.add()
    session, token = await signed_in(people, user), await with_token(people, user, "contacts:read")
    assert await gate.session(session)
    assert await gate.token(token.token_hash)

    async def over() -> bool:
        return await gate.session(session) is None and await gate.token(token.token_hash) is None

    async with people.units.of(people.organization_id) as unit:
        await unit._transaction.execute(delete(users).where(users.c.id == user.id))
    assert await eventually(over, within=1)


async def test_a_change_of_role_is_felt_within_a_second(gate: PostgresGate, people: Any) -> None:
    user = await people.add(role=Role.ADMINISTRATOR)
    session = await signed_in(people, user)
    await gate.session(session)

    async def demoted() -> bool:
        found = await gate.session(session)
        return found is not None and found.role is Role.CONTRIBUTOR

    async with people.units.of(people.organization_id) as unit:
        await unit._transaction.execute(update(users).where(users.c.id == user.id).values(role="contributor"))
    assert await eventually(demoted, within=1)


async def test_an_answer_asked_for_before_a_revocation_is_not_remembered_after_it(gate: PostgresGate) -> None:
    recent, token_hash = gate._recent, a_hash()
    asked_at = recent.generation
    recent.forget(token_hash)
    recent.put(token_hash, Principal(uuid4(), uuid4(), Role.CONTRIBUTOR), asked_at)  # type: ignore[arg-type]
    assert recent.get(token_hash) is None


async def test_only_the_user_can_remove_a_token(people: Any, units: PostgresUnits) -> None:
    owner, other = await people.add(), await people.add()
    token = await with_token(people, owner, "contacts:read")
    async with units.of(people.organization_id) as unit:
        with pytest.raises(NotFound):
            await unit.access.remove_token(other.id, token.id)
        assert replace(await unit.access.remove_token(owner.id, token.id), last_used_at=None) == token
