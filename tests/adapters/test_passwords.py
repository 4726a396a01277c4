"""Passwords: one at a time per processor, and nobody learns who exists."""

import asyncio
from collections.abc import Iterator
from statistics import median
from time import perf_counter

import pytest

from adapters.passwords import QUEUE, Argon2Passwords
from domain.shared.errors import TooManyRequests

pytestmark = pytest.mark.anyio


@pytest.fixture
def passwords() -> Iterator[Argon2Passwords]:
    passwords = Argon2Passwords(memory_kib=1024, passes=1, at_once=2)
    yield passwords
    passwords.close()


async def test_the_right_password_matches_and_another_does_not(passwords: Argon2Passwords) -> None:
    async with passwords.turn() as turn:
        password_hash = await turn.hash("correct horse")
        assert await turn.matches("correct horse", password_hash)
        assert not await turn.matches("correct horse ", password_hash)


async def test_nothing_matches_without_a_hash(passwords: Argon2Passwords) -> None:
    async with passwords.turn() as turn:
        assert not await turn.matches("", None)


async def test_a_broken_hash_matches_nothing(passwords: Argon2Passwords) -> None:
    async with passwords.turn() as turn:
        assert not await turn.matches("password", "not a hash")


async def test_a_hash_of_weaker_parameters_is_outdated(passwords: Argon2Passwords) -> None:
    stronger = Argon2Passwords(memory_kib=2048, passes=1)
    async with passwords.turn() as turn:
        password_hash = await turn.hash("password")
    assert stronger.is_outdated(password_hash)
    assert not passwords.is_outdated(password_hash)
    stronger.close()


async def test_an_unknown_user_takes_as_long_as_a_known_one() -> None:
    passwords = Argon2Passwords(memory_kib=8192, passes=2)
    seconds: dict[bool, list[float]] = {True: [], False: []}
    async with passwords.turn() as turn:
        password_hash = await turn.hash("password")
        for known in (True, False) * 15:
            started = perf_counter()
            await turn.matches("guess", password_hash if known else None)
            seconds[known].append(perf_counter() - started)
    passwords.close()
    assert 0.5 < median(seconds[True]) / median(seconds[False]) < 2


async def test_only_so_many_have_their_turn_at_once(passwords: Argon2Passwords) -> None:
    inside, most = 0, 0

    async def take() -> None:
        nonlocal inside, most
        async with passwords.turn():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(take() for _ in range(20)))
    assert most == 2


async def test_a_long_queue_is_turned_away(passwords: Argon2Passwords) -> None:
    gone_on = asyncio.Event()

    async def hold() -> None:
        async with passwords.turn():
            await gone_on.wait()

    holders = [asyncio.create_task(hold()) for _ in range(2 + QUEUE)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequests):
        async with passwords.turn():
            pass
    gone_on.set()
    await asyncio.gather(*holders)


async def test_who_gives_up_waiting_leaves_the_queue(passwords: Argon2Passwords) -> None:
    gone_on = asyncio.Event()

    async def hold() -> None:
        async with passwords.turn():
            await gone_on.wait()

    holders = [asyncio.create_task(hold()) for _ in range(2 + QUEUE)]
    await asyncio.sleep(0)
    for holder in holders[2:]:
        holder.cancel()
    gone_on.set()
    await asyncio.gather(*holders, return_exceptions=True)
    async with passwords.turn():
        pass
