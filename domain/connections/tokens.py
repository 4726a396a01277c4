"""Access tokens that are good when they are used: renewed before they run out, by one process at a time."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from domain.accounts.notices import tell_of_lost_connection
from domain.connections.model import Connection, ConnectionState, GrantRefused, Provider, Tokens
from domain.connections.ports import ConnectionsUnit, Consent, Vault
from domain.connections.sealing import TokenSeal
from domain.shared.clock import Clock
from domain.shared.errors import ProviderAccessLost, ProviderUnavailable
from domain.shared.ids import ConnectionId, OrganizationId
from domain.shared.units import Units

RENEW_BEFORE = timedelta(minutes=5)
# Longer than the provider is ever waited for; whoever dies while renewing holds the others up for no longer.
CLAIM_SECONDS = 30.0
LOOK_AGAIN_SECONDS = 0.05
PATIENCE_SECONDS = 40.0

LOST = "The access to this account was withdrawn or ran out. Connect it again."


@dataclass(frozen=True, slots=True)
class Given:
    """Tokens, and the version of the connection that they belong to."""

    tokens: Tokens
    version: int


class ConnectionTokens:
    """The access tokens of all connections, for those who call the providers."""

    def __init__(
        self, units: Units[ConnectionsUnit], consents: Mapping[Provider, Consent], vault: Vault, clock: Clock
    ) -> None:
        self._units = units
        self._consents = consents
        self._vault = vault
        self._clock = clock

    def of(self, organization_id: OrganizationId, connection_id: ConnectionId, account: str) -> "AccessOfConnection":
        """Access to this account alone: a user may connect another one under the same connection."""
        return AccessOfConnection(self, organization_id, connection_id, account)

    async def good(
        self, organization_id: OrganizationId, connection_id: ConnectionId, account: str, refused: str | None
    ) -> Given:
        """Tokens of the account whose access token is neither about to run out nor the refused one.

        However many ask at once, one renews. Raises ProviderAccessLost (the connection is then marked, unless it is
        one to another account by now) and ProviderUnavailable (it is not).
        """
        for _ in range(int(PATIENCE_SECONDS / LOOK_AGAIN_SECONDS)):
            connection, tokens, mine = await self._look(organization_id, connection_id, account, refused)
            if mine:
                return await self._renewed(organization_id, connection, tokens)
            if tokens.access != refused and tokens.expires_at > self._clock.system() + RENEW_BEFORE:
                return Given(tokens, connection.version)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        raise ProviderUnavailable("The access token could not be renewed in time.")

    async def lose(
        self, organization_id: OrganizationId, connection_id: ConnectionId, version: int, reason: str
    ) -> None:
        """The provider refuses the tokens of this version. Sending waits until the user has connected again.

        Only what was refused is marked: the user may have connected again while the provider was asked. Else the user
        gets a letter.
        """
        async with self._units.of(organization_id) as unit:
            if await unit.connections.lose(connection_id, version, reason, self._clock.system()):
                await unit.mailboxes.lose(connection_id)
                found = await unit.connections.tokens(connection_id)
                if found:
                    await tell_of_lost_connection(unit, organization_id, found[0].user_id, connection_id)

    async def _look(
        self, organization_id: OrganizationId, connection_id: ConnectionId, account: str, refused: str | None
    ) -> tuple[Connection, Tokens, bool]:
        """The tokens as they are, and whether it is the caller's turn to renew them."""
        async with self._units.of(organization_id) as unit:
            found = await unit.connections.tokens(connection_id)
            if found is None or found[0].state is not ConnectionState.CONNECTED or found[0].account != account:
                raise ProviderAccessLost(LOST)
            connection, sealed = found
            tokens = TokenSeal(self._vault, organization_id).open(connection, sealed)
            if tokens.access != refused and tokens.expires_at > self._clock.system() + RENEW_BEFORE:
                return connection, tokens, False
            mine = await unit.connections.claim_refresh(connection_id, connection.version, CLAIM_SECONDS)
            return connection, tokens, mine

    async def _renewed(self, organization_id: OrganizationId, connection: Connection, tokens: Tokens) -> Given:
        try:
            if tokens.refresh is None:
                raise GrantRefused("There is no refresh token.")
            renewed = await self._consents[connection.provider].refresh(tokens.refresh)
        except GrantRefused as refusal:
            await self.lose(organization_id, connection.id, connection.version, "access_withdrawn")
            raise ProviderAccessLost(LOST) from refusal
        except BaseException:
            async with self._units.of(organization_id) as unit:
                await unit.connections.give_up_refresh(connection.id, connection.version)
            raise
        sealed = TokenSeal(self._vault, organization_id).seal(connection.id, renewed)
        async with self._units.of(organization_id) as unit:
            await unit.connections.renew(connection.id, connection.version, sealed)
        return Given(renewed, connection.version + 1)


class AccessOfConnection:
    """Implements domain.providers.mailbox.AccessTokens for one account. Remembers the token it gave last."""

    def __init__(
        self, tokens: ConnectionTokens, organization_id: OrganizationId, connection_id: ConnectionId, account: str
    ) -> None:
        self._tokens = tokens
        self._organization_id = organization_id
        self._connection_id = connection_id
        self._account = account
        self._known: Given | None = None

    async def current(self) -> str:
        known = self._known
        if known is None or known.tokens.expires_at <= self._tokens._clock.system() + RENEW_BEFORE:
            known = await self._good(None)
        return known.tokens.access

    async def renewed(self, refused: str) -> str:
        return (await self._good(refused)).tokens.access

    async def lost(self, reason: str) -> None:
        if self._known:
            await self._tokens.lose(self._organization_id, self._connection_id, self._known.version, reason)

    async def _good(self, refused: str | None) -> Given:
        self._known = await self._tokens.good(self._organization_id, self._connection_id, self._account, refused)
        return self._known
