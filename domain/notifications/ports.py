"""What notifications need from the outside: stores inside of a unit, and the bus that carries bells to open pages."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from domain.accounts.ports import Users
from domain.connections.ports import ConnectionStore
from domain.notifications.model import FeedItem, FeedPage, Happened, News, Told
from domain.shared.ids import ActivityId, ContactId, NotificationId, UserId
from domain.shared.jobs import Jobs
from domain.shared.paging import PageRequest


class NotificationStore(Protocol):
    """The notifications of the unit's organization."""

    async def happened(self, activity_ids: Sequence[ActivityId]) -> Sequence[Happened]:
        """The activities of contacts who still exist."""
        ...

    async def claim(self, ids: Iterable[UUID], now: datetime) -> set[UUID]:
        """Those that nobody has told before: each is given to one unit alone, for good once that commits."""
        ...

    async def tell(self, news: Sequence[News]) -> Sequence[Told]:
        """Adds them to what is unread of the same group, or as new ones. Takes each group once, in order."""
        ...

    async def lock(self, notification_id: NotificationId) -> Told | None:
        """Nobody else changes it until the unit ends. None when it is gone."""
        ...

    async def mailed(self, notification_ids: Sequence[NotificationId]) -> None:
        """An email says all of them as they are now."""
        ...

    async def take_turn(
        self, user_id: UserId, contact_id: ContactId, now: datetime, pause: timedelta
    ) -> datetime | None:
        """Takes the right to write to the user about the contact, which is there once in `pause`.

        None when it was taken; otherwise from when it is there again.
        """
        ...

    async def page(self, user_id: UserId, page: PageRequest) -> FeedPage:
        """The user's, newest first. Raises InvalidCursor."""
        ...

    async def newest_unread(self, user_id: UserId, limit: int) -> tuple[Sequence[FeedItem], int]:
        """The user's newest that are unread, and how many there are in all."""
        ...

    async def inviter_of(self, user_id: UserId) -> UserId | None:
        """Who invited this user last, as the audit log has it."""
        ...

    async def read(self, user_id: UserId, up_to: NotificationId | None, now: datetime) -> int:
        """The user has read that one and all before it, or all. Says how many are unread. Raises NotFound."""
        ...


class NotificationsUnit(Protocol):
    """A transaction of one organization, as notifications see it."""

    @property
    def notifications(self) -> NotificationStore: ...

    @property
    def users(self) -> Users: ...

    @property
    def connections(self) -> ConnectionStore: ...

    @property
    def jobs(self) -> Jobs: ...


class Bus(Protocol):
    """Carries bells between processes. They say that there is something to look at, never what; any may get lost."""

    @property
    def hears(self) -> bool:
        """False while bells do not arrive: whoever waits has to look by himself."""
        ...

    async def ring(self, user_ids: Iterable[UserId]) -> None:
        """Something has changed for them, and is committed. Raises nothing."""
        ...

    def listening(self, user_id: UserId, rung: Callable[[], None]) -> AbstractContextManager[None]:
        """While the context lasts, `rung` is called for every bell of the user, and when some may have been missed."""
        ...
