"""Checking a password at the pace that guessing is allowed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from domain.accounts.model import Credentials
from domain.accounts.password_rules import exact
from domain.accounts.ports import Gate, Passwords, Throttle


@dataclass(frozen=True, slots=True)
class RightPassword:
    """Whose it is, and the hash to be kept from now on, where that changes."""

    credentials: Credentials
    new_hash: str | None = field(repr=False)


class PasswordCheck:
    """Wrong passwords are counted; `failed` counts what else is guessed, `succeeded` forgets the count."""

    def __init__(self, gate: Gate, passwords: Passwords, throttle: Throttle) -> None:
        self._gate = gate
        self._passwords = passwords
        self._throttle = throttle

    async def check(self, email_key: str, password: str, address: str, new: str | None = None) -> RightPassword | None:
        """None for a wrong one, which takes as long as a right one. `new` is hashed when it is right.

        Raises TooManyRequests.
        """
        await self._throttle.check(email_key, address)
        async with self._passwords.turn() as turn:
            # Asked again: many guesses may have waited together for their turn.
            await self._throttle.check(email_key, address)
            found = await self._gate.credentials(email_key)
            matches = await turn.matches(exact(password), found.password_hash if found else None)
            if found is None or not matches:
                await self._throttle.failed(email_key, address)
                return None
            if new is None and self._passwords.is_outdated(found.password_hash):
                new = password
            return RightPassword(found, await turn.hash(exact(new)) if new is not None else None)

    @asynccontextmanager
    async def guess(self, email_key: str, address: str) -> AsyncIterator[None]:
        """For a guess of something else, which is heard at the pace of passwords: as few at a time, and after `failed`
        not before the wait is over. Raises TooManyRequests.
        """
        await self._throttle.check(email_key, address)
        async with self._passwords.turn():
            await self._throttle.check(email_key, address)
            yield

    async def wait(self, email_key: str, address: str) -> None:
        """Raises TooManyRequests while a next guess has to wait."""
        await self._throttle.check(email_key, address)

    async def failed(self, email_key: str, address: str) -> None:
        await self._throttle.failed(email_key, address)

    async def succeeded(self, email_key: str, address: str) -> None:
        await self._throttle.succeeded(email_key, address)
