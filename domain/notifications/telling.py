"""Tells users what happened: the follower of the activity log, and what others ask to be told by a job.

Jobs, for whoever is below and cannot call this: put one of these kinds into the outbox of the unit that makes it true.

- `notifications.follow` {activity_ids}: put by the log itself.
- `notifications.connection_lost` {connection_id}: a connection needs its user.
- `notifications.user_joined` {user_id}: an invitation was accepted; whoever invited is told.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from domain.accounts.model import User, UserState
from domain.accounts.notices import mail_notification
from domain.activities.followers import named_in
from domain.connections.model import ConnectionState
from domain.notifications.deciding import ONE_EMAIL_IN, by_importance, grouped, is_mailed, news_of
from domain.notifications.model import News, NotificationKind, Told
from domain.notifications.ports import Bus, NotificationsUnit
from domain.shared.clock import Clock
from domain.shared.ids import ConnectionId, NotificationId, OrganizationId, UserId
from domain.shared.jobs import Job
from domain.shared.units import Units, repeated

# A notification that had to wait for its turn to be written about.
MAIL = "notifications.mail"

LEAST_WAIT = timedelta(seconds=1)


class Telling:
    """The handlers of these jobs: each may run again, together with itself, and die anywhere in between.

    Notifications are made with the note that their cause was told, in one transaction; bells are rung after it, each
    time that a job runs.
    """

    def __init__(self, units: Units[NotificationsUnit], bus: Bus, clock: Clock) -> None:
        self._units = units
        self._bus = bus
        self._clock = clock

    async def follow(self, job: Job) -> None:
        """Tells of the activities that the job names."""
        await self._bus.ring(await repeated(lambda: self._follow(job)))

    async def connection_lost(self, job: Job) -> None:
        """Tells the user whose connection needs him, unless it works again."""
        await self._bus.ring(await repeated(lambda: self._connection_lost(job)))

    async def user_joined(self, job: Job) -> None:
        """Tells whoever invited the user."""
        await self._bus.ring(await repeated(lambda: self._user_joined(job)))

    async def mail(self, job: Job) -> None:
        """Writes about a notification that had to wait, unless it was read or written about meanwhile."""
        notification_id = NotificationId(UUID(job.payload["notification_id"]))
        await repeated(lambda: self._mail_one(job.organization_id, notification_id))

    async def _follow(self, job: Job) -> set[UserId]:
        async with self._units.of(job.organization_id) as unit:
            happened = await unit.notifications.happened(named_in(job))
            new = await unit.notifications.claim([one.id for one in happened], self._clock.system())
            news = [(one.id, told) for one in happened if (told := news_of(one))]
            await self._tell(unit, job.organization_id, [told for key, told in news if key in new])
        return {told.user_id for _, told in news}

    async def _connection_lost(self, job: Job) -> set[UserId]:
        async with self._units.of(job.organization_id) as unit:
            found = await unit.connections.tokens(ConnectionId(UUID(job.payload["connection_id"])))
            if found is None or found[0].state is ConnectionState.CONNECTED:
                return set()
            connection, _ = found
            news = News(
                kind=NotificationKind.CONNECTION_LOST,
                user_id=connection.user_id,
                group=f"{NotificationKind.CONNECTION_LOST.value}:{connection.id}",
                at=self._clock.now(),
                detail={
                    "provider": connection.provider.value,
                    "account": connection.account,
                    "reason": connection.lost_reason,
                },
            )
            return await self._tell_once(unit, job, news)

    async def _user_joined(self, job: Job) -> set[UserId]:
        joined = UserId(UUID(job.payload["user_id"]))
        async with self._units.of(job.organization_id) as unit:
            user = (await unit.users.many([joined])).get(joined)
            inviter = await unit.notifications.inviter_of(joined)
            if user is None or inviter is None:
                return set()
            news = News(
                kind=NotificationKind.USER_JOINED,
                user_id=inviter,
                group=f"{NotificationKind.USER_JOINED.value}:{user.id}",
                at=self._clock.now(),
                detail={"user_id": str(user.id), "name": user.name, "email": user.email},
            )
            return await self._tell_once(unit, job, news)

    async def _tell_once(self, unit: NotificationsUnit, job: Job, news: News) -> set[UserId]:
        """A job without an activity is known by its own id."""
        assert job.id is not None
        if await unit.notifications.claim([job.id], self._clock.system()):
            await self._tell(unit, job.organization_id, [news])
        return {news.user_id}

    async def _tell(self, unit: NotificationsUnit, organization_id: OrganizationId, news: Iterable[News]) -> None:
        news = list(news)
        users = await unit.users.many({one.user_id for one in news})
        present = [one for one in news if one.user_id in users and users[one.user_id].state is not UserState.DELETED]
        if present:
            told = await unit.notifications.tell(grouped(present))
            await self._mail(unit, organization_id, told, users)

    async def _mail(
        self, unit: NotificationsUnit, organization_id: OrganizationId, told: Sequence[Told], users: dict[UserId, User]
    ) -> None:
        """One email a user and contact; what else is worth one waits for its turn."""
        now = self._clock.now()
        for one in by_importance(told):
            if one.contact_id is None or not is_mailed(users[one.user_id], one.kind):
                continue
            free_at = await unit.notifications.take_turn(one.user_id, one.contact_id, now, ONE_EMAIL_IN)
            if free_at is None:
                await unit.notifications.mailed([one.id])
                await mail_notification(unit, organization_id, one.id)
            else:
                wait = min(max(free_at - now, LEAST_WAIT), ONE_EMAIL_IN)
                await unit.jobs.put(Job(MAIL, organization_id, {"notification_id": str(one.id)}, delay=wait))

    async def _mail_one(self, organization_id: OrganizationId, notification_id: NotificationId) -> None:
        async with self._units.of(organization_id) as unit:
            told = await unit.notifications.lock(notification_id)
            if told is None or told.read or told.count <= told.mailed:
                return
            await self._mail(unit, organization_id, [told], await unit.users.many([told.user_id]))
