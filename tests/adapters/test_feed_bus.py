"""Bells between processes: heard while Redis is there, missed ones made good when it comes back."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.embedded.redis import EmbeddedRedis
from adapters.feed_bus import RedisFeedBus
from domain.shared.ids import UserId

pytestmark = pytest.mark.anyio

ME = UserId(uuid4())


@asynccontextmanager
async def bus_at(url: str) -> AsyncIterator[RedisFeedBus]:
    bus = RedisFeedBus(url)
    yield bus
    await bus.close()


async def soon(what: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("not in time")


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A Redis that may be stopped."""
    with tempfile.TemporaryDirectory(prefix="eng") as sockets:
        server = EmbeddedRedis(tmp_path / "redis", Path(sockets), tmp_path / "redis.log")
        server.start()
        yield server
        server.stop()


async def test_a_bell_reaches_other_processes_and_whom_it_is_for_alone(redis_url: str) -> None:
    mine: list[int] = []
    others: list[int] = []
    async with bus_at(redis_url) as here, bus_at(redis_url) as there:
        with there.listening(ME, lambda: mine.append(1)), there.listening(UserId(uuid4()), lambda: others.append(1)):
            await soon(lambda: there.hears)
            mine.clear(), others.clear()
            await here.ring([ME])
            await soon(lambda: mine == [1], 1)

    assert others == []


async def test_whoever_left_hears_no_more(redis_url: str) -> None:
    heard: list[int] = []
    async with bus_at(redis_url) as bus:
        with bus.listening(ME, lambda: heard.append(1)):
            await soon(lambda: bus.hears)
        heard.clear()
        colleague, told = UserId(uuid4()), list[int]()
        with bus.listening(colleague, lambda: told.append(1)):
            await soon(lambda: bus.hears)
            told.clear()
            await bus.ring([ME])
            await bus.ring([colleague])
            await soon(lambda: told == [1])

    assert heard == []


async def test_it_says_when_it_hears_nothing_and_rings_for_all_when_it_hears_again(own_redis: EmbeddedRedis) -> None:
    heard: list[int] = []
    async with bus_at(own_redis.url) as bus:
        with bus.listening(ME, lambda: heard.append(1)):
            await soon(lambda: bus.hears)
            await asyncio.to_thread(own_redis.stop)
            await soon(lambda: not bus.hears)
            await bus.ring([ME])
            heard.clear()
            await asyncio.to_thread(own_redis.restart)
            await soon(lambda: bus.hears)

            assert heard == [1]


@pytest.mark.parametrize("url", ["", "unix:///nowhere/redis.sock", "redis://127.0.0.1:1"])
async def test_without_redis_nothing_fails_and_nobody_hears(url: str) -> None:
    async with bus_at(url) as bus:
        with bus.listening(ME, lambda: None):
            await bus.ring([ME])

            assert not bus.hears
