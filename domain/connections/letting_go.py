"""The end of a connection, in the caller's unit: here at once, at the provider by a job."""

from domain.connections.model import Connection, Provider, Revocation
from domain.connections.ports import ConnectionsUnit, Vault
from domain.connections.sealing import TokenSeal
from domain.shared.clock import Clock
from domain.shared.ids import ConnectionId, Ids, OrganizationId, UserId
from domain.shared.jobs import Job

REVOKE = "revoke_access"


class LettingGo:
    """Locks connections first and their mailboxes after, before anything that waits for a mailbox."""

    def __init__(self, vault: Vault, clock: Clock, ids: Ids) -> None:
        self._vault = vault
        self._clock = clock
        self._ids = ids

    async def of(
        self, unit: ConnectionsUnit, organization_id: OrganizationId, user_id: UserId, provider: Provider
    ) -> Connection | None:
        """Ends the user's connection to the provider, if there is one."""
        known = await unit.connections.find(user_id, provider)
        found = await unit.connections.tokens(known.id) if known else None
        if known is None or found is None:
            return None
        tokens = TokenSeal(self._vault, organization_id).open(*found)
        await self._plan_revocation(unit, organization_id, known, tokens.refresh or tokens.access)
        await unit.mailboxes.disconnect(known.id)
        await unit.connections.remove(known.id)
        return known

    async def of_user(self, unit: ConnectionsUnit, organization_id: OrganizationId, user_id: UserId) -> None:
        """Ends all connections of the user."""
        for connection in await unit.connections.of_user(user_id):
            await self.of(unit, organization_id, user_id, connection.provider)

    async def _plan_revocation(
        self, unit: ConnectionsUnit, organization_id: OrganizationId, known: Connection, token: str
    ) -> None:
        revocation_id = ConnectionId(self._ids.new())
        sealed = TokenSeal(self._vault, organization_id).seal_revocation(revocation_id, token)
        revocation = Revocation(organization_id, revocation_id, known.provider, sealed, known.subject)
        await unit.revocations.add(revocation, self._clock.system())
        await unit.jobs.put(Job(REVOKE, organization_id, {"revocation_id": str(revocation_id)}))
