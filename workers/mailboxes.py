"""Reading mailboxes, and giving access back."""

from datetime import timedelta
from uuid import UUID

from adapters.bootstrap import Container
from domain.shared.ids import ConnectionId, MailboxId, OrganizationId
from domain.shared.jobs import Job
from workers.schedule import Sweep
from workers.turns import Turns

READING_AT_ONCE = 12
REVOCATIONS = 50


def reading_turns(services: Container) -> Turns[MailboxId]:
    """Turns at reading."""

    async def read(organization_id: OrganizationId, mailbox_id: MailboxId) -> None:
        await services.intake.read_by_id(organization_id, mailbox_id)

    return Turns("read", READING_AT_ONCE, read)


def sweeps(services: Container, turns: Turns[MailboxId]) -> list[Sweep]:
    """Every connected mailbox once in a while, and what providers have not been told yet."""
    every = timedelta(seconds=services.settings.mailbox_poll_seconds)

    async def read() -> None:
        if turns.free > 0:
            async with services.units.system() as unit:
                keys = await unit.mailboxes.claim_reading(services.clock.system(), every, turns.free)
            for key in keys:
                turns.start(key)

    async def revoke() -> None:
        async with services.units.system() as unit:
            waiting = await unit.revocations.waiting(services.clock.system(), REVOCATIONS)
        for revocation in waiting:
            await services.connections.revoke(revocation.organization_id, revocation.id)

    return [Sweep("read", min(0.5, every.total_seconds()), read), Sweep("revoke", 15, revoke)]


async def revoke_access(services: Container, job: Job) -> None:
    """A user has disconnected; the provider is told."""
    await services.connections.revoke(job.organization_id, ConnectionId(UUID(job.payload["revocation_id"])))
