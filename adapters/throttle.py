"""Slows down guessing. Failures alone are counted, in Redis; without Redis in this process, never not at all.

- An account from one address: four failures in 15 minutes are free, then each one doubles the wait, up to 15 minutes.
- An account from everywhere: 30 failures an hour. An address for all accounts: 100 an hour.
- An account that has signed in from an address before is *familiar* there: only the first rule holds then, so that
  nobody can lock a user out from elsewhere, and one colleague cannot lock out an office.

Who asks for letters about forgotten passwords is counted too: 5 an hour for an account, 100 an hour from an address.
So is who begins to sign in, by passkey or by single sign-on: 60 a minute from an address, for each of the two.
"""

import hashlib
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any, TypeVar

import structlog
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from domain.shared.errors import TooManyRequests

log = structlog.get_logger(__name__)

PREFIX = "engage:sign-in"
FREE_FAILURES = 4
LONGEST_WAIT_SECONDS = 15 * 60
WAITS_SECONDS = (*(2**times for times in range(10)), LONGEST_WAIT_SECONDS)
FAMILIAR_SECONDS = 30 * 24 * 60 * 60
# Redis on the same network answers in a millisecond; a sign-in does not wait long for one that does not.
REDIS_TIMEOUT_SECONDS = 0.5
WITHOUT_REDIS_SECONDS = 5

HERE = RateLimitItemPerMinute(200, 15, namespace="pair")
ACCOUNT = RateLimitItemPerHour(30, namespace="account")
ADDRESS = RateLimitItemPerHour(100, namespace="address")
RESETS = RateLimitItemPerHour(5, namespace="resets")
RESETS_FROM_ADDRESS = RateLimitItemPerHour(100, namespace="resets-from-address")
BEGINNINGS_WITH_PASSKEY = RateLimitItemPerMinute(60, namespace="beginnings-with-passkey")
BEGINNINGS_OF_SIGN_ON = RateLimitItemPerMinute(60, namespace="beginnings-of-sign-on")

T = TypeVar("T")
Storage = RedisStorage | MemoryStorage


class Memory(MemoryStorage):
    """The library's sweep (limits 5.8) stumbles over a key that goes while it waits: ours go empty, and are swept."""

    async def clear(self, key: str) -> None:
        was_there = key in self.events
        await super().clear(key)
        if was_there:
            self.events[key] = []


class Counting:
    """Counts in Redis, and in this process for as long as Redis is away."""

    def __init__(self, redis_url: str) -> None:
        self._memory = Memory()
        self._client = _redis(redis_url) if redis_url else None
        self._redis = _storage_in(self._client) if self._client else None
        self._away_until = 0.0

    async def close(self) -> None:
        """Closes the connections to Redis."""
        if self._client:
            await self._client.aclose()

    async def _everywhere(self, act: Callable[[Storage], Awaitable[None]]) -> None:
        """In this process too, so that a Redis that comes and goes gives nobody a second count."""
        await act(self._memory)
        await self._in_redis(act)

    async def _in_redis(self, act: Callable[[Storage], Awaitable[T]]) -> T | None:
        """None while Redis is away."""
        if self._redis and time.monotonic() >= self._away_until:
            try:
                return await act(self._redis)
            except (RedisError, OSError, TimeoutError) as error:
                self._away_until = time.monotonic() + WITHOUT_REDIS_SECONDS
                log.warning("throttle.without_redis", error=type(error).__name__)
        return None


class SignInThrottle(Counting):
    """Implements domain.accounts.ports.Throttle."""

    async def check(self, email_key: str, address: str) -> None:
        def asked(storage: Storage) -> Awaitable[float]:
            return _wait(storage, _hashed(email_key), _network(address))

        wait = await self._in_redis(asked)
        if wait is None:
            wait = await asked(self._memory)
        if wait > 0:
            raise TooManyRequests(timedelta(seconds=wait))

    async def failed(self, email_key: str, address: str) -> None:
        await self._everywhere(lambda storage: _count(storage, _hashed(email_key), _network(address)))

    async def succeeded(self, email_key: str, address: str) -> None:
        await self._everywhere(lambda storage: _welcome(storage, _hashed(email_key), _network(address)))


class ResetThrottle(Counting):
    """Implements domain.accounts.resetting.AskThrottle: every question counts, whoever is asked about."""

    async def take(self, email_key: str, address: str) -> None:
        def counted(storage: Storage) -> Awaitable[float]:
            return _ask(storage, _hashed(email_key), _network(address))

        # In this process too, as with failures.
        here = await counted(self._memory)
        wait = max(here, await self._in_redis(counted) or 0.0)
        if wait > 0:
            raise TooManyRequests(timedelta(seconds=wait))


class BeginningThrottle(Counting):
    """Implements domain.accounts.access_ports.BeginningThrottle: every beginning counts, whatever becomes of it."""

    def __init__(self, redis_url: str, limit: RateLimitItem) -> None:
        super().__init__(redis_url)
        self._limit = limit

    async def take(self, address: str) -> None:
        def counted(storage: Storage) -> Awaitable[float]:
            return _begin(storage, self._limit, _network(address))

        here = await counted(self._memory)
        wait = max(here, await self._in_redis(counted) or 0.0)
        if wait > 0:
            raise TooManyRequests(timedelta(seconds=wait), limit=self._limit.amount)


async def _wait(storage: Storage, account: str, network: str) -> float:
    """Seconds until the next guess is heard; 0 for now."""
    wait = max([await _left(storage, _pause(account, network, seconds)) for seconds in WAITS_SECONDS])
    if wait > 0 or await storage.get(_familiar(account, network)):
        return wait
    waits = [await _until_free(storage, ACCOUNT, account), await _until_free(storage, ADDRESS, network)]
    return max(waits)


async def _ask(storage: Storage, account: str, network: str) -> float:
    """Counts, and gives 0; or the seconds until the next question is heard."""
    window = MovingWindowRateLimiter(storage)
    if await window.hit(RESETS_FROM_ADDRESS, network) and await window.hit(RESETS, account):
        return 0.0
    return max(await _until_free(storage, RESETS_FROM_ADDRESS, network), await _until_free(storage, RESETS, account))


async def _begin(storage: Storage, limit: RateLimitItem, network: str) -> float:
    """Counts, and gives 0; or the seconds until the next beginning is heard."""
    if await MovingWindowRateLimiter(storage).hit(limit, network):
        return 0.0
    return await _until_free(storage, limit, network)


async def _count(storage: Storage, account: str, network: str) -> None:
    window = MovingWindowRateLimiter(storage)
    await window.hit(ACCOUNT, account)
    await window.hit(ADDRESS, network)
    await window.hit(HERE, account, network)
    failures = HERE.amount - (await window.get_window_stats(HERE, account, network)).remaining
    if failures > FREE_FAILURES:
        seconds = WAITS_SECONDS[min(failures - FREE_FAILURES, len(WAITS_SECONDS)) - 1]
        # Each length has a key of its own: none is cleared to be set anew, and no guess slips in meanwhile.
        await storage.incr(_pause(account, network, seconds), seconds)


async def _welcome(storage: Storage, account: str, network: str) -> None:
    window = MovingWindowRateLimiter(storage)
    await window.clear(HERE, account, network)
    await window.clear(ACCOUNT, account)
    for seconds in WAITS_SECONDS:
        await storage.clear(_pause(account, network, seconds))
    await storage.clear(_familiar(account, network))
    await storage.incr(_familiar(account, network), FAMILIAR_SECONDS)


async def _until_free(storage: Storage, limit: RateLimitItem, identifier: str) -> float:
    stats = await MovingWindowRateLimiter(storage).get_window_stats(limit, identifier)
    return max(1.0, stats.reset_time - time.time()) if stats.remaining <= 0 else 0.0


async def _left(storage: Storage, key: str) -> float:
    return max(1.0, await storage.get_expiry(key) - time.time()) if await storage.get(key) else 0.0


def _pause(account: str, network: str, seconds: int) -> str:
    return f"pause/{seconds}/{account}/{network}"


def _familiar(account: str, network: str) -> str:
    return f"familiar/{account}/{network}"


def _hashed(email_key: str) -> str:
    """Addresses of people are not kept in Redis."""
    return hashlib.sha256(email_key.encode()).hexdigest()[:32]


def _network(address: str) -> str:
    """The address, or of IPv6 the /64 that one customer of a provider has at least."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return hashlib.sha256(address.encode()).hexdigest()[:16]
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else parsed.exploded[:19]
    return str(parsed)


def _redis(url: str) -> Redis:
    timeout = REDIS_TIMEOUT_SECONDS
    client: Redis = Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout)
    return client


def _storage_in(client: Redis) -> RedisStorage:
    """Over our own client, since the library's cannot be closed; the address it is given is not used."""
    pool: Any = client.connection_pool
    return RedisStorage("async+redis://", implementation="redispy", key_prefix=PREFIX, connection_pool=pool)
