"""Guessing gets slower and slower; who knows the password is let in."""

import asyncio
import time
from collections.abc import AsyncIterator
from math import log2
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from adapters.throttle import (
    BEGINNINGS_OF_SIGN_ON,
    BEGINNINGS_WITH_PASSKEY,
    FREE_FAILURES,
    BeginningThrottle,
    SignInThrottle,
)
from domain.shared.errors import TooManyRequests

pytestmark = pytest.mark.anyio

AWAY = "redis://127.0.0.1:9/0"


@pytest.fixture(params=["redis", "memory", "away"])
def address_of_redis(request: Any) -> str:
    """With Redis, without, and with one that does not answer: the rules are the same."""
    if request.param == "redis":
        return str(request.getfixturevalue("redis_url"))
    return {"memory": "", "away": AWAY}[request.param]


@pytest.fixture
async def throttle(address_of_redis: str) -> AsyncIterator[SignInThrottle]:
    throttle = SignInThrottle(address_of_redis)
    yield throttle
    await throttle.close()


def somebody() -> str:
    return f"{uuid4().hex}@example.com"


def somewhere() -> str:
    return f"10.{uuid4().int % 256}.{uuid4().int % 256}.{uuid4().int % 256}"


async def guess(throttle: SignInThrottle, account: str, address: str, times: int = 1) -> int:
    """Guesses wrongly; how many of the guesses were heard."""
    heard = 0
    for _ in range(times):
        try:
            await throttle.check(account, address)
        except TooManyRequests:
            continue
        heard += 1
        await throttle.failed(account, address)
    return heard


def heard_within(seconds: float) -> int:
    """How many guesses can be heard in that time: the free ones, and one after each wait of 1, 2, 4, … seconds."""
    return FREE_FAILURES + 1 + int(log2(seconds + 1))


async def may_sign_in(throttle: SignInThrottle, account: str, address: str) -> bool:
    try:
        await throttle.check(account, address)
    except TooManyRequests:
        return False
    return True


async def test_a_few_failures_are_free(throttle: SignInThrottle) -> None:
    account, address = somebody(), somewhere()
    await guess(throttle, account, address, FREE_FAILURES)
    assert await may_sign_in(throttle, account, address)


async def test_who_goes_on_guessing_has_to_wait(throttle: SignInThrottle) -> None:
    account, address, began = somebody(), somewhere(), time.monotonic()
    heard = await guess(throttle, account, address, 12)
    assert FREE_FAILURES < heard <= heard_within(time.monotonic() - began)
    with pytest.raises(TooManyRequests) as refused:
        await throttle.check(account, address)
    assert refused.value.retry_after.total_seconds() >= 1


async def test_the_wait_doubles(throttle: SignInThrottle) -> None:
    account, address = somebody(), somewhere()
    for _ in range(FREE_FAILURES + 6):
        await throttle.failed(account, address)
    with pytest.raises(TooManyRequests) as refused:
        await throttle.check(account, address)
    assert 16 < refused.value.retry_after.total_seconds() <= 32


async def test_no_guess_is_heard_while_one_wait_follows_another(throttle: SignInThrottle) -> None:
    for _ in range(12):
        account, address = somebody(), somewhere()
        await asyncio.gather(*(throttle.failed(account, address) for _ in range(FREE_FAILURES + 1)))
        failing = asyncio.gather(*(throttle.failed(account, address) for _ in range(20)))
        while not failing.done():
            heard = await asyncio.gather(*(may_sign_in(throttle, account, address) for _ in range(5)))
            assert not any(heard)
        await failing


async def test_the_wait_ends_at_a_quarter_of_an_hour(throttle: SignInThrottle) -> None:
    account, address = somebody(), somewhere()
    for _ in range(FREE_FAILURES + 20):
        await throttle.failed(account, address)
    with pytest.raises(TooManyRequests) as refused:
        await throttle.check(account, address)
    assert 890 < refused.value.retry_after.total_seconds() <= 900


async def test_success_ends_the_count(throttle: SignInThrottle) -> None:
    account, address = somebody(), somewhere()
    await guess(throttle, account, address, FREE_FAILURES)
    await throttle.succeeded(account, address)
    assert await guess(throttle, account, address, FREE_FAILURES) == FREE_FAILURES


async def test_one_account_guessed_from_many_addresses_is_closed_to_strangers(throttle: SignInThrottle) -> None:
    account = somebody()
    heard = sum([await guess(throttle, account, somewhere()) for _ in range(40)])
    assert heard == 30
    assert not await may_sign_in(throttle, account, somewhere())


async def test_nobody_is_locked_out_from_where_he_signed_in_before(throttle: SignInThrottle) -> None:
    account, home = somebody(), somewhere()
    await throttle.succeeded(account, home)
    for _ in range(40):
        await guess(throttle, account, somewhere())
    assert await may_sign_in(throttle, account, home)


async def test_one_address_that_guesses_at_many_accounts_is_stopped(throttle: SignInThrottle) -> None:
    address = somewhere()
    heard = sum([await guess(throttle, somebody(), address) for _ in range(110)])
    assert heard == 100
    assert not await may_sign_in(throttle, somebody(), address)


async def test_a_noisy_colleague_does_not_lock_out_the_office(throttle: SignInThrottle) -> None:
    known, office = somebody(), somewhere()
    await throttle.succeeded(known, office)
    for _ in range(110):
        await guess(throttle, somebody(), office)
    assert await may_sign_in(throttle, known, office)


async def test_a_network_of_ipv6_addresses_counts_as_one(throttle: SignInThrottle) -> None:
    account = somebody()
    for n in range(FREE_FAILURES + 2):
        await throttle.failed(account, f"2001:db8:1:2::{n}")
    assert not await may_sign_in(throttle, account, "2001:db8:1:2:ffff::1")
    assert await may_sign_in(throttle, account, "2001:db8:1:3::1")


async def test_a_redis_that_goes_away_takes_no_count_with_it(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    throttle, account, address = SignInThrottle(redis_url), somebody(), somewhere()
    for _ in range(FREE_FAILURES + 6):
        await throttle.failed(account, address)
    monkeypatch.setattr(throttle, "_away_until", float("inf"))
    assert not await may_sign_in(throttle, account, address)
    await throttle.close()


async def test_redis_learns_no_addresses_of_people(redis_url: str) -> None:
    throttle, account = SignInThrottle(redis_url), somebody()
    await throttle.failed(account, somewhere())
    await throttle.succeeded(account, somewhere())
    async with Redis.from_url(redis_url) as redis:
        keys = b" ".join(await redis.keys("*"))
    await throttle.close()
    assert keys
    assert account.encode() not in keys


async def begin(throttle: BeginningThrottle, address: str, times: int) -> int:
    """Begins to sign in so often; how many of the beginnings were heard."""
    heard = 0
    for _ in range(times):
        try:
            await throttle.take(address)
        except TooManyRequests:
            continue
        heard += 1
    return heard


async def test_beginnings_from_one_network_are_counted(address_of_redis: str) -> None:
    throttle, network = BeginningThrottle(address_of_redis, BEGINNINGS_WITH_PASSKEY), f"2001:db8:{uuid4().hex[:4]}:1"
    assert await begin(throttle, f"{network}::1", 50) == 50
    assert await begin(throttle, f"{network}::2", 20) == 10
    assert await begin(throttle, somewhere(), 1) == 1
    with pytest.raises(TooManyRequests) as refused:
        await throttle.take(f"{network}::3")
    assert 1 <= refused.value.retry_after.total_seconds() <= 60
    await throttle.close()


async def test_beginnings_of_one_kind_leave_the_other_alone(redis_url: str) -> None:
    address, passkeys = somewhere(), BeginningThrottle(redis_url, BEGINNINGS_WITH_PASSKEY)
    sign_on = BeginningThrottle(redis_url, BEGINNINGS_OF_SIGN_ON)
    await begin(passkeys, address, 61)
    assert await begin(sign_on, address, 1) == 1
    await passkeys.close()
    await sign_on.close()


async def test_beginnings_are_counted_by_all_processes_together(redis_url: str) -> None:
    address, processes = somewhere(), [BeginningThrottle(redis_url, BEGINNINGS_OF_SIGN_ON) for _ in range(2)]
    assert sum([await begin(process, address, 40) for process in processes]) == 60
    for process in processes:
        await process.close()
