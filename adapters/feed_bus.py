"""The bus between what tells users something and the pages that they have open: Redis, one channel a user.

Every process hears all channels by one connection and passes on what its own pages wait for: a bell is small and rare,
and subscribing for each page would be a conversation with Redis for each.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import aclosing, contextmanager, suppress
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from domain.shared.ids import UserId

log = structlog.get_logger(__name__)

PREFIX = "engage:feed:"
ALL = f"{PREFIX}*"
# Redis on the same network answers in a millisecond; whoever rings does not wait long for one that does not.
TIMEOUT_SECONDS = 0.5
ASKED_EVERY_SECONDS = 2.0
SILENT_SECONDS = 6.0
AGAIN_AFTER_SECONDS = 1.0
WITHOUT_REDIS_SECONDS = 1.0
AWAY = (RedisError, OSError, TimeoutError)

Rung = Callable[[], None]


class RedisFeedBus:
    """Implements domain.notifications.ports.Bus. Without a Redis nobody hears."""

    def __init__(self, redis_url: str) -> None:
        self._redis = _redis(redis_url) if redis_url else None
        self._listeners: defaultdict[UserId, set[Rung]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._hears = False
        self._quiet_until = 0.0

    @property
    def hears(self) -> bool:
        return self._hears

    async def ring(self, user_ids: Iterable[UserId]) -> None:
        users = list(user_ids)
        time = asyncio.get_running_loop().time
        if not users or self._redis is None or time() < self._quiet_until:
            return
        try:
            async with self._redis.pipeline(transaction=False) as pipeline:
                for user_id in users:
                    pipeline.publish(f"{PREFIX}{user_id}", b"")
                await pipeline.execute()
        except AWAY as error:
            self._quiet_until = time() + WITHOUT_REDIS_SECONDS
            log.warning("feed.without_redis", error=type(error).__name__)

    @contextmanager
    def listening(self, user_id: UserId, rung: Rung) -> Iterator[None]:
        if self._task is None and self._redis is not None:
            self._task = asyncio.create_task(self._listen(self._redis), name="feed_bus")
        self._listeners[user_id].add(rung)
        try:
            yield
        finally:
            self._listeners[user_id].discard(rung)
            if not self._listeners[user_id]:
                del self._listeners[user_id]

    async def close(self) -> None:
        """Hears no more, and closes the connections."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._redis:
            await self._redis.aclose()

    async def _listen(self, redis: Redis) -> None:
        """For as long as the process lives, through all absences of Redis."""
        while True:
            try:
                async with aclosing(redis.pubsub(ignore_subscribe_messages=True)) as channels:
                    await channels.psubscribe(ALL)
                    await self._pass_on(channels)
            except AWAY as error:
                if self._hears:
                    log.warning("feed.hears_nothing", error=type(error).__name__)
            self._hears = False
            await asyncio.sleep(AGAIN_AFTER_SECONDS)

    async def _pass_on(self, channels: PubSub) -> None:
        """Until the connection breaks, or Redis does not even answer a ping."""
        time = asyncio.get_running_loop().time
        heard = asked = time()
        while time() - heard < SILENT_SECONDS:
            if time() - asked >= ASKED_EVERY_SECONDS or not self._hears:
                asked = time()
                await channels.ping()
            message = await channels.get_message(timeout=ASKED_EVERY_SECONDS)
            if message is None:
                continue
            heard = time()
            if message["type"] == "pmessage":
                self._ring_for(message["channel"])
            elif not self._hears:
                self._hears = True
                self._ring_all()
        log.warning("feed.redis_is_silent")

    def _ring_for(self, channel: bytes) -> None:
        try:
            user_id = UserId(UUID(channel.decode().removeprefix(PREFIX)))
        except ValueError:
            return
        for rung in tuple(self._listeners.get(user_id, ())):
            rung()

    def _ring_all(self) -> None:
        """What was rung for while nobody heard is looked for."""
        for listeners in tuple(self._listeners.values()):
            for rung in tuple(listeners):
                rung()


def _redis(url: str) -> Redis:
    client: Redis = Redis.from_url(url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)
    return client
