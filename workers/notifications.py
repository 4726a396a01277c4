"""Telling users: the follower of the activity log, and what others ask to be told."""

from collections.abc import Awaitable, Callable, Mapping

from adapters.bootstrap import Container
from domain.accounts.notices import CONNECTION_LOST, USER_JOINED
from domain.notifications.deciding import FOLLOW
from domain.notifications.telling import MAIL
from domain.shared.jobs import Job


async def follow(services: Container, job: Job) -> None:
    await services.telling.follow(job)


async def connection_lost(services: Container, job: Job) -> None:
    await services.telling.connection_lost(job)


async def user_joined(services: Container, job: Job) -> None:
    await services.telling.user_joined(job)


async def mail(services: Container, job: Job) -> None:
    await services.telling.mail(job)


HANDLERS: Mapping[str, Callable[[Container, Job], Awaitable[None]]] = {
    FOLLOW: follow,
    CONNECTION_LOST: connection_lost,
    USER_JOINED: user_joined,
    MAIL: mail,
}
