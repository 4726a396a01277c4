"""Connecting a provider's account and letting go of it."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from domain.accounts.audit import Act, Action, Target, record
from domain.connections.letting_go import LettingGo
from domain.connections.model import (
    Attempt,
    BackTo,
    Connection,
    ConnectionRefused,
    ConnectionState,
    Grant,
    GrantRefused,
    Mailbox,
    MailboxState,
    Provider,
    Revocation,
)
from domain.connections.ports import ConnectionsUnits, Consent, Vault
from domain.connections.sealing import TokenSeal
from domain.providers.mailbox import MailProvider, Profile
from domain.shared.clock import Clock
from domain.shared.errors import NotFound, ProviderError
from domain.shared.ids import ConnectionId, Ids, MailboxId, OrganizationId, UserId
from domain.shared.jobs import Job
from domain.shared.principal import Principal

ATTEMPT_LIVES = timedelta(minutes=10)
MAILBOX_CONNECTED = "send_mailbox"
ATTEMPTS = "connection_attempts"
BACK_TO = "."


def back_to(state: str) -> BackTo:
    """Where the user came from, as the state says that the provider gives back."""
    named = state.rpartition(BACK_TO)[2]
    return BackTo(named) if named in set(BackTo) else BackTo.ACCOUNT


class Connections:
    """A user's own connections."""

    def __init__(
        self,
        units: ConnectionsUnits,
        consents: Mapping[Provider, Consent],
        mail: Mapping[Provider, MailProvider],
        vault: Vault,
        clock: Clock,
        ids: Ids,
        public_url: str,
    ) -> None:
        self._units = units
        self._consents = consents
        self._mail = mail
        self._vault = vault
        self._letting_go = LettingGo(vault, clock, ids)
        self._clock = clock
        self._ids = ids
        self._public_url = public_url.rstrip("/")

    async def list(self, principal: Principal) -> Sequence[Connection]:
        """The user's connections, lost ones included."""
        principal.require("me:read")
        async with self._units.of(principal.organization_id) as unit:
            return await unit.connections.of_user(principal.user_id)

    async def begin(self, principal: Principal, provider: Provider, back_to: BackTo = BackTo.ACCOUNT) -> str:
        """The address of the consent page. It leads back once, within ten minutes, for this user alone."""
        principal.require("me:write")
        state, verifier = f"{secrets.token_urlsafe(32)}{BACK_TO}{back_to}", secrets.token_urlsafe(64)
        async with self._units.of(principal.organization_id) as unit:
            known = await unit.connections.find(principal.user_id, provider)
            await unit.connections.add_attempt(
                Attempt(
                    principal.user_id,
                    provider,
                    _hash(state),
                    self._sealed_verifier(principal, verifier),
                    self._clock.system() + ATTEMPT_LIVES,
                )
            )
        account = known.account if known else None
        return self._consents[provider].authorize_url(state, verifier, self._redirect_uri(provider), account)

    async def complete(
        self, principal: Principal, provider: Provider, state: str, code: str | None, error: str | None
    ) -> None:
        """The user is back from the consent page. Raises ConnectionRefused, which says why there is no connection."""
        attempt = await self._take_attempt(principal, provider, state)
        if error or not code:
            raise ConnectionRefused("access_denied" if error in (None, "access_denied") else "provider_refused")
        grant = await self._granted(principal, provider, attempt, code)
        missing = self._consents[provider].required_scopes - grant.scopes
        if missing:
            raise ConnectionRefused("missing_permission", tuple(sorted(missing)))
        profile = await self._profile(provider, grant)
        await self._connect(principal, provider, grant, profile)

    async def disconnect(self, principal: Principal, provider: Provider) -> None:
        """Ends the connection here at once; the provider is told by a job. Raises NotFound."""
        principal.require("me:write")
        async with self._units.of(principal.organization_id) as unit:
            known = await self._letting_go.of(unit, principal.organization_id, principal.user_id, provider)
            if known is None:
                raise NotFound("connection")
            await record(unit, principal, _act(Action.CONNECTION_DISCONNECTED, known), self._clock.system())

    async def revoke(self, organization_id: OrganizationId, revocation_id: ConnectionId) -> None:
        """Tells the provider that we are done. May be repeated. Raises ProviderUnavailable; it is then tried later.

        Not while the account is connected, again or by somebody else: they would lose their access with this one
        (https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke).
        """
        async with self._units.of(organization_id) as unit:
            revocation = await unit.revocations.get(revocation_id)
            if revocation is None:
                return
            pause = timedelta(seconds=min(3600, 15 * 2**revocation.attempts))
            await unit.revocations.put_off(revocation_id, self._clock.system() + pause)
        if not await self._is_connected(revocation):
            token = TokenSeal(self._vault, organization_id).open_revocation(revocation)
            await self._consents[revocation.provider].revoke(token)
        async with self._units.of(organization_id) as unit:
            await unit.revocations.done(revocation_id)

    async def _is_connected(self, revocation: Revocation) -> bool:
        async with self._units.system() as unit:
            return await unit.connections.is_connected(revocation.provider, revocation.subject)

    async def _take_attempt(self, principal: Principal, provider: Provider, state: str) -> Attempt:
        async with self._units.of(principal.organization_id) as unit:
            attempt = await unit.connections.take_attempt(_hash(state))
        if (
            attempt is None
            or attempt.user_id != principal.user_id
            or attempt.provider is not provider
            or attempt.expires_at < self._clock.system()
        ):
            raise ConnectionRefused("state_invalid")
        return attempt

    async def _granted(self, principal: Principal, provider: Provider, attempt: Attempt, code: str) -> Grant:
        verifier = self._vault.open(
            attempt.verifier,
            organization_id=principal.organization_id,
            table=ATTEMPTS,
            row=principal.user_id,
            field="verifier",
        ).decode()
        try:
            return await self._consents[provider].exchange(code, verifier, self._redirect_uri(provider))
        except GrantRefused as refusal:
            raise ConnectionRefused("grant_refused") from refusal
        except ProviderError as failure:
            raise ConnectionRefused("provider_unavailable") from failure

    async def _profile(self, provider: Provider, grant: Grant) -> Profile:
        try:
            return await self._mail[provider].open(_Given(grant.tokens.access)).profile()
        except ProviderError as failure:
            raise ConnectionRefused("provider_unavailable") from failure

    async def _connect(self, principal: Principal, provider: Provider, grant: Grant, profile: Profile) -> None:
        organization_id, now = principal.organization_id, self._clock.system()
        async with self._units.of(organization_id) as unit:
            known = await unit.connections.find(principal.user_id, provider)
            connection = _connection(known, ConnectionId(self._ids.new()), principal.user_id, provider, grant)
            connection = replace(connection, account=profile.address.lower(), connected_at=now)
            sealed = TokenSeal(self._vault, organization_id).seal(connection.id, grant.tokens)
            await unit.connections.save(connection, sealed)
            mailbox = await unit.mailboxes.connect(
                Mailbox(
                    organization_id=organization_id,
                    id=MailboxId(self._ids.new()),
                    user_id=principal.user_id,
                    connection_id=connection.id,
                    provider=provider,
                    address=connection.account,
                    display_name="",
                    state=MailboxState.CONNECTED,
                    created_at=now,
                    history_cursor=profile.cursor,
                )
            )
            await unit.jobs.put(Job(MAILBOX_CONNECTED, organization_id, {"mailbox_id": str(mailbox.id)}))
            await record(unit, principal, _act(Action.CONNECTION_CONNECTED, connection), now)

    def _sealed_verifier(self, principal: Principal, verifier: str) -> bytes:
        return self._vault.seal(
            verifier.encode(),
            organization_id=principal.organization_id,
            table=ATTEMPTS,
            row=principal.user_id,
            field="verifier",
        )

    def _redirect_uri(self, provider: Provider) -> str:
        return f"{self._public_url}/me/connections/{provider.value}/callback"


def _act(action: Action, connection: Connection) -> Act:
    target = Target("connection", connection.id, connection.account)
    return Act(action, target, {"provider": connection.provider.value})


class _Given:
    """The access token that has just come from the consent page."""

    def __init__(self, access: str) -> None:
        self._access = access

    async def current(self) -> str:
        return self._access

    async def renewed(self, refused: str) -> str:
        return refused

    async def lost(self, reason: str) -> None:
        """There is no connection yet that could be marked."""


def _connection(
    known: Connection | None, new_id: ConnectionId, user_id: UserId, provider: Provider, grant: Grant
) -> Connection:
    """The user's connection to the provider after this grant: the same row, whatever account it was before."""
    return Connection(
        id=known.id if known else new_id,
        user_id=user_id,
        provider=provider,
        account=grant.account,
        subject=grant.subject,
        state=ConnectionState.CONNECTED,
        scopes=tuple(sorted(grant.scopes)),
        connected_at=grant.tokens.expires_at,
        version=known.version if known else 1,
    )


def _hash(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()
