"""A feed that is looked at: what changes is told to whoever has it open, without a connection held while waiting.

A bell says that there may be something; what there is, is looked up. While bells do not arrive, and now and then while
they do, it is looked without one.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.notifications.model import FeedItem
from domain.notifications.ports import Bus, NotificationsUnit
from domain.shared.errors import Unavailable
from domain.shared.ids import NotificationId
from domain.shared.principal import Principal
from domain.shared.units import ReadingUnits

LOOK_SECONDS = 3.0
QUIET_SECONDS = 15.0
SHOWN = 50
NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class Unread:
    """So many are unread."""

    unread: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """A notification that is new or has grown."""

    item: FeedItem
    unread: int


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing has happened for a while, and the watch goes on."""


class LiveFeed:
    """Opens watches."""

    def __init__(self, units: ReadingUnits[NotificationsUnit], bus: Bus) -> None:
        self._units = units
        self._bus = bus

    def watch(self, principal: Principal) -> "Watch":
        return Watch(self._units, self._bus, principal)


class Watch:
    """One open feed, until `end`."""

    def __init__(self, units: ReadingUnits[NotificationsUnit], bus: Bus, principal: Principal) -> None:
        self._units = units
        self._bus = bus
        self._principal = principal
        self._woken = asyncio.Event()
        self._over = False
        self._known: dict[NotificationId, int] | None = None
        self._floor: tuple[datetime, NotificationId] | None = None
        self._unread = -1

    def end(self) -> None:
        """The events end at once."""
        self._over = True
        self._woken.set()

    async def events(self) -> AsyncIterator[Unread | Arrived | Quiet]:
        """How many are unread, at once; then what changes."""
        time = asyncio.get_running_loop().time
        with self._bus.listening(self._principal.user_id, self._woken.set):
            looked = spoken = NEVER
            rang = True
            while not self._over:
                if rang or not self._bus.hears or time() - looked >= QUIET_SECONDS:
                    news = await self._news()
                    looked = NEVER if news is None else time()
                    for event in news or ():
                        yield event
                        spoken = time()
                if time() - spoken >= QUIET_SECONDS:
                    yield Quiet()
                    spoken = time()
                rang = await self._rung(min(LOOK_SECONDS, spoken + QUIET_SECONDS - time()))

    async def _rung(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._woken.wait(), max(seconds, 0.0))
        except TimeoutError:
            return False
        self._woken.clear()
        return True

    async def _news(self) -> list[Unread | Arrived] | None:
        """What has changed since the last look; None while the database is away."""
        try:
            async with self._units.reading(self._principal.organization_id) as unit:
                items, unread = await unit.notifications.newest_unread(self._principal.user_id, SHOWN)
        except Unavailable:
            return None
        arrived = [] if self._known is None else [item for item in items if self._is_news(item)]
        before, self._unread = self._unread, unread
        self._remember(items)
        if arrived:
            return [Arrived(item, unread) for item in reversed(arrived)]
        return [Unread(unread)] if unread != before else []

    def _is_news(self, item: FeedItem) -> bool:
        """Not what comes into sight because others before it are gone."""
        known = (self._known or {}).get(item.id)
        if known is None:
            return self._floor is None or (item.at, item.id) > self._floor
        return item.count > known

    def _remember(self, items: Sequence[FeedItem]) -> None:
        self._known = {item.id: item.count for item in items}
        self._floor = (items[-1].at, items[-1].id) if len(items) == SHOWN else None
