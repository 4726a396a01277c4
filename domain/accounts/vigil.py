"""Whoever keeps something open was let in once, and may have been locked out since: asked about again and again."""

from collections.abc import Collection
from typing import Protocol

from domain.accounts.ports import Secrets


class Standing(Protocol):
    """Knows which sessions and tokens serve, across organizations."""

    async def standing(self, token_hashes: Collection[bytes]) -> set[bytes]:
        """Those that serve now. To be asked about is no use of a session."""
        ...


class Vigil:
    """Watches over what was opened with a session or a token."""

    def __init__(self, standing: Standing, secrets: Secrets) -> None:
        self._standing = standing
        self._secrets = secrets

    def key_of(self, token: str) -> bytes | None:
        """What a session or an access token is watched by; None for what is neither."""
        return self._secrets.hash_of_session(token) or self._secrets.hash_of_access_token(token)

    async def fallen(self, keys: Collection[bytes]) -> set[bytes]:
        """Those that serve no more: ended, run out, idle for too long, or their user is gone."""
        return set(keys) - await self._standing.standing(keys) if keys else set()
