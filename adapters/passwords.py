"""Argon2id, slow on purpose: on threads, no more at a time than there are processors, with a short queue."""

import asyncio
import base64
import contextlib
import os
import secrets
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.shared.errors import TooManyRequests

SALT_BYTES = 16
HASH_BYTES = 32
# Longer queues would only make everybody wait for answers that nobody waits for any more.
QUEUE = 50
NICENESS = 10


class Argon2Passwords:
    """Implements domain.accounts.ports.Passwords. `memory_kib` and `passes` decide how long one guess takes."""

    def __init__(self, *, memory_kib: int, passes: int, at_once: int | None = None) -> None:
        cores = at_once or os.cpu_count() or 1
        self._hasher = PasswordHasher(passes, memory_kib, parallelism=1, hash_len=HASH_BYTES, salt_len=SALT_BYTES)
        self._nobody = _hash_that_nothing_matches(memory_kib, passes)
        self._threads = ThreadPoolExecutor(cores, thread_name_prefix="passwords", initializer=_step_back)
        self._slots = asyncio.Semaphore(cores)
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator["Turn"]:
        if self._waiting >= QUEUE:
            raise TooManyRequests(
                timedelta(seconds=5), "Too many people are signing in. Try again in a moment.", "signing_in"
            )
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        try:
            yield Turn(self._hasher, self._nobody, self._threads)
        finally:
            self._slots.release()

    def is_outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        """Lets the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class Turn:
    """Implements domain.accounts.ports.PasswordTurn."""

    def __init__(self, hasher: PasswordHasher, nobody: str, threads: ThreadPoolExecutor) -> None:
        self._hasher = hasher
        self._nobody = nobody
        self._threads = threads

    async def matches(self, password: str, password_hash: str | None) -> bool:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._verify, password_hash or self._nobody, password)

    async def hash(self, password: str) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hasher.hash, password)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def _step_back() -> None:
    """This thread lets others go first: while all processors check passwords, the event loop still answers at once.

    On Linux a priority is a thread's own; elsewhere the call fails, and threads take turns as they always do.
    """
    with contextlib.suppress(OSError):
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICENESS)


def _hash_that_nothing_matches(memory_kib: int, passes: int) -> str:
    """In argon2's own form, so that checking against it takes as long as against a real one."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=") for length in (SALT_BYTES, HASH_BYTES)
    )
    return f"$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${digest}"
