"""The bell: Redis through arq. What has to be done is in PostgreSQL; here it only gets done sooner, and elsewhere.

Facts about arq 0.28 that the settings below rest on: a job of a dead worker runs again after the longest timeout of its
functions and ten seconds; a job id is refused while its result is kept; jobs are pickled unless told otherwise; a
connection that Redis drops ends the worker unless `OSError` is among the errors to retry.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID

import orjson
from arq import create_pool, func
from arq.connections import ArqRedis, RedisSettings
from arq.worker import Worker
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

QUEUE = "eng:fast"
FUNCTION = "job"
JOB_SECONDS = 45
COMPLETION_SECONDS = 20
LONGEST_WAIT_MS = 7 * 86_400_000

# What means that Redis is away.
AWAY = (RedisError, OSError, asyncio.TimeoutError)


@dataclass(slots=True)
class JobQueue:
    """Rings. Connects when first used, and again after a failure."""

    redis_url: str
    _pool: ArqRedis | None = None

    async def ring(self, job_id: UUID) -> bool:
        """Hands a job to some worker. False when Redis is away; a job that waits there already is not doubled."""
        try:
            if self._pool is None:
                self._pool = await create_pool(
                    redis_settings(self.redis_url, patient=False),
                    job_serializer=orjson.dumps,
                    job_deserializer=orjson.loads,
                    default_queue_name=QUEUE,
                    expires_extra_ms=LONGEST_WAIT_MS,
                )
            await self._pool.enqueue_job(FUNCTION, str(job_id), _job_id=str(job_id))
        except AWAY:
            await self.close()
            return False
        return True

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                await pool.aclose()
            except AWAY:
                return


def worker(redis_url: str, run: Callable[[UUID], Awaitable[None]]) -> Worker:
    """A consumer that calls `run` for every bell. It ends with an error when Redis is away for long."""

    async def job(_context: dict[Any, Any], job_id: str) -> None:
        await run(UUID(job_id))

    return Worker(
        functions=[func(job, name=FUNCTION)],  # type: ignore[arg-type]
        queue_name=QUEUE,
        redis_settings=redis_settings(redis_url, patient=True),
        handle_signals=False,
        job_timeout=JOB_SECONDS,
        job_completion_wait=COMPLETION_SECONDS,
        max_jobs=20,
        max_tries=5,
        retry_jobs=True,
        keep_result=0,
        allow_abort_jobs=False,
        poll_delay=0.2,
        queue_read_limit=4000,
        health_check_interval=10,
        health_check_key=f"eng:health:{socket.gethostname()}:{os.getpid()}",
        job_serializer=orjson.dumps,
        job_deserializer=orjson.loads,
        expires_extra_ms=LONGEST_WAIT_MS,
        timezone=UTC,
        log_results=False,
    )


def redis_settings(url: str, *, patient: bool) -> RedisSettings:
    """A ring waits for nothing; a worker rides out short absences."""
    settings = RedisSettings.from_dsn(url)
    settings.conn_retries = 3 if patient else 0
    settings.conn_retry_delay = 1
    if patient:
        settings.retry_on_timeout = True
        settings.retry_on_error = [RedisConnectionError, RedisTimeoutError, OSError]
        settings.retry = Retry(ExponentialBackoff(cap=2, base=0.2), 5)
    return settings
