"""The feed: what a user was told, and that it was read."""

from domain.notifications.model import FeedPage
from domain.notifications.ports import Bus, NotificationsUnit
from domain.shared.clock import Clock
from domain.shared.ids import NotificationId
from domain.shared.paging import PageRequest
from domain.shared.principal import Principal
from domain.shared.units import ReadingUnits


class Feed:
    """The own notifications; nobody sees another's, whatever the role."""

    def __init__(self, units: ReadingUnits[NotificationsUnit], bus: Bus, clock: Clock) -> None:
        self._units = units
        self._bus = bus
        self._clock = clock

    async def page(self, principal: Principal, page: PageRequest) -> FeedPage:
        """Newest first. Raises InvalidCursor."""
        async with self._units.reading(principal.organization_id) as unit:
            return await unit.notifications.page(principal.user_id, page)

    async def read(self, principal: Principal, up_to: NotificationId | None) -> int:
        """All up to that one are read, or all. Says how many are unread. May be repeated. Raises NotFound."""
        async with self._units.of(principal.organization_id) as unit:
            unread = await unit.notifications.read(principal.user_id, up_to, self._clock.system())
        await self._bus.ring([principal.user_id])
        return unread
