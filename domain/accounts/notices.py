"""Letters as jobs: put into the outbox by whoever makes them necessary, written when their job runs.

A job names rows alone. Whether the letter is still true is looked up then.
"""

from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.accounts.one_time_links import OneTimeLink
from domain.shared.ids import ConnectionId, OrganizationId, UserId
from domain.shared.jobs import Job, Jobs

SEND_LETTER = "letters.send"
# What the feed tells as well; handled by domain.notifications.telling.
CONNECTION_LOST = "notifications.connection_lost"
USER_JOINED = "notifications.user_joined"


class Notice(StrEnum):
    """What a user is told about his own account, in case it was somebody else."""

    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a notice
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a notice
    SECOND_FACTOR_ENABLED = "second_factor_enabled"
    SECOND_FACTOR_DISABLED = "second_factor_disabled"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    TOKEN_CREATED = "token_created"  # noqa: S105 - a notice
    ROLE_CHANGED = "role_changed"


class UnitWithJobs(Protocol):
    """A transaction with an outbox."""

    @property
    def jobs(self) -> Jobs: ...


async def give_notice(unit: UnitWithJobs, organization_id: OrganizationId, user_id: UserId, notice: Notice) -> None:
    """The user gets a letter about it once the unit has committed."""
    payload = {"letter": "security_notice", "user_id": str(user_id), "notice": notice.value}
    await unit.jobs.put(Job(SEND_LETTER, organization_id, payload))


async def send_link(unit: UnitWithJobs, link: OneTimeLink) -> None:
    """The link's letter, in the unit that adds the link."""
    await unit.jobs.put(Job(SEND_LETTER, link.organization_id, {"letter": link.kind.value, "link_id": str(link.id)}))


async def tell_of_lost_connection(
    unit: UnitWithJobs, organization_id: OrganizationId, user_id: UserId, connection_id: ConnectionId
) -> None:
    """The user has to connect again: a letter and the feed say so."""
    payload = {"letter": "connection_lost", "user_id": str(user_id), "connection_id": str(connection_id)}
    feed = Job(CONNECTION_LOST, organization_id, {"connection_id": str(connection_id)})
    await unit.jobs.put(Job(SEND_LETTER, organization_id, payload), feed)


async def tell_of_joining(unit: UnitWithJobs, organization_id: OrganizationId, user_id: UserId) -> None:
    """Somebody has come: whoever invited the user finds it in the feed."""
    await unit.jobs.put(Job(USER_JOINED, organization_id, {"user_id": str(user_id)}))


async def mail_notification(unit: UnitWithJobs, organization_id: OrganizationId, notification_id: UUID) -> None:
    """A notification as a letter."""
    payload = {"letter": "notification", "notification_id": str(notification_id)}
    await unit.jobs.put(Job(SEND_LETTER, organization_id, payload))
