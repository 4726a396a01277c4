"""Letters of our own: each job says which, and names the rows that it is about."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

import structlog

from adapters.bootstrap import Container
from domain.accounts.letters import Letters
from domain.accounts.notices import SEND_LETTER, Notice
from domain.shared.ids import ConnectionId, LinkId, UserId
from domain.shared.jobs import Job
from workers.job import Handler

log = structlog.get_logger(__name__)


async def send_letter(services: Container, job: Job) -> None:
    """Without a mail server nothing is written: whoever needs the letter has it sent again once there is one."""
    letter = job.payload["letter"]
    if not services.settings.smtp_host:
        log.warning("letter_not_sent", letter=letter, reason="mail_is_off")
        return
    sent = await WRITERS[letter](services.letters, job)
    log.info("letter_sent" if sent else "letter_not_needed", letter=letter)


async def _link(letters: Letters, job: Job) -> bool:
    return await letters.link(job.organization_id, LinkId(UUID(job.payload["link_id"])))


async def _security_notice(letters: Letters, job: Job) -> bool:
    user_id, notice = UserId(UUID(job.payload["user_id"])), Notice(job.payload["notice"])
    return await letters.security_notice(job.organization_id, user_id, notice, _id(job))


async def _connection_lost(letters: Letters, job: Job) -> bool:
    user_id = UserId(UUID(job.payload["user_id"]))
    connection_id = ConnectionId(UUID(job.payload["connection_id"]))
    return await letters.connection_lost(job.organization_id, user_id, connection_id, _id(job))


async def _notification(letters: Letters, job: Job) -> bool:
    return await letters.notification(job.organization_id, UUID(job.payload["notification_id"]), _id(job))


def _id(job: Job) -> UUID:
    assert job.id is not None, "jobs that run are in the outbox"
    return job.id


WRITERS: Mapping[str, Callable[[Letters, Job], Awaitable[bool]]] = {
    "invitation": _link,
    "welcome": _link,
    "password_reset": _link,
    "security_notice": _security_notice,
    "connection_lost": _connection_lost,
    "notification": _notification,
}

HANDLERS: Mapping[str, Handler] = {SEND_LETTER: send_letter}
