"""The pictures of users: whatever comes in becomes a small square of ours."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from domain.accounts.model import User, avatar_url
from domain.accounts.ports import Users
from domain.shared.clock import Clock
from domain.shared.errors import NotFound
from domain.shared.ids import UserId
from domain.shared.principal import Principal
from domain.shared.units import Units

MEDIA_TYPE = "image/webp"


class Pictures(Protocol):
    """Reads pictures of strangers."""

    async def portrait(self, picture: bytes) -> bytes:
        """The picture as a square of 256 × 256 in WebP, drawn anew: nothing else of the file is left.

        Raises Rejected for what is no PNG, JPEG, WebP or GIF, or unfolds to more than is sensible; TooManyRequests.
        """
        ...


class AvatarStore(Protocol):
    """The pictures of the unit's organization."""

    async def get(self, user_id: UserId) -> bytes | None: ...

    async def put(self, user_id: UserId, content: bytes, now: datetime) -> None: ...

    async def remove(self, user_id: UserId) -> None: ...


class AvatarUnit(Protocol):
    """A transaction of one organization, as pictures see it."""

    @property
    def users(self) -> Users: ...

    @property
    def avatars(self) -> AvatarStore: ...


@dataclass(frozen=True, slots=True)
class Avatar:
    """A user's picture; another version is another picture."""

    content: bytes
    version: int


class Avatars:
    """The use cases: everybody sees the pictures of colleagues and changes the own one."""

    def __init__(self, *, units: Units[AvatarUnit], pictures: Pictures, clock: Clock) -> None:
        self._units = units
        self._pictures = pictures
        self._clock = clock

    async def replace(self, principal: Principal, picture: bytes) -> str:
        """Where the new picture is shown. Raises Rejected, TooManyRequests."""
        portrait = await self._pictures.portrait(picture)
        now = self._clock.system()
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.locked(principal.user_id)
            await unit.avatars.put(user.id, portrait, now)
            # Versions of users only grow: an address that showed a picture never shows another.
            user = await unit.users.save(replace(user, avatar_version=user.version + 1, updated_at=now))
        return _address(user)

    async def remove(self, principal: Principal) -> None:
        """May be repeated."""
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.locked(principal.user_id)
            if user.avatar_version is not None:
                await unit.avatars.remove(user.id)
                await unit.users.save(replace(user, avatar_version=None, updated_at=self._clock.system()))

    async def of(self, principal: Principal, user_id: UserId) -> Avatar:
        """Of a colleague. Raises NotFound, for a user without a picture too."""
        async with self._units.of(principal.organization_id) as unit:
            user = (await unit.users.many([user_id])).get(user_id)
            content = await unit.avatars.get(user_id) if user and user.avatar_version is not None else None
        if user is None or user.avatar_version is None or content is None:
            raise NotFound("picture")
        return Avatar(content, user.avatar_version)


def _address(user: User) -> str:
    address = avatar_url(user)
    assert address is not None
    return address
