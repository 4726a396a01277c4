"""Signing in through the organization's identity provider. It never creates users: it finds those who were invited."""

import secrets
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from domain.accounts.access_ports import BeginningThrottle, Vault
from domain.accounts.audit import Act, Action, Target, record
from domain.accounts.identities import (
    Attempt,
    IdentityProvider,
    SignOnUnit,
    hash_of_state,
    new_state,
    organization_of,
    vouched_address,
)
from domain.accounts.model import SignedIn, User, UserState, email_key
from domain.accounts.notices import tell_of_joining
from domain.accounts.signing_in import SigningIn
from domain.providers.identity import IdentityClient, IdentityProviders, Person
from domain.shared.clock import Clock
from domain.shared.errors import AlreadyExists, NotFound, ProviderError, ProviderRejected, SignOnRefused
from domain.shared.ids import Ids, OrganizationId
from domain.shared.principal import Principal
from domain.shared.units import Units

ATTEMPT_LIVES = timedelta(minutes=10)


class SingleSignOn:
    """A user is known by issuer and subject. The first time, an address that is vouched for finds the user."""

    def __init__(
        self,
        *,
        units: Units[SignOnUnit],
        identities: IdentityProviders,
        signing_in: SigningIn,
        beginnings: BeginningThrottle,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        public_url: str,
    ) -> None:
        self._units = units
        self._identities = identities
        self._signing_in = signing_in
        self._beginnings = beginnings
        self._vault = vault
        self._clock = clock
        self._ids = ids
        self._redirect_uri = f"{public_url.rstrip('/')}/auth/sso/callback"

    async def offered(self, organization_id: OrganizationId) -> bool:
        """Whether people of the organization can sign in this way now. False for one that does not exist."""
        async with self._units.of(organization_id) as unit:
            provider = await unit.identities.provider()
        return provider is not None and provider.enabled

    async def begin(self, organization_id: OrganizationId, browser: str, address: str) -> str:
        """Where the browser has to go; it comes back once, within ten minutes, in this browser alone.

        Raises NotFound for an organization without single sign-on, alike for one that does not exist; SignOnRefused,
        TooManyRequests.
        """
        await self._beginnings.take(address)
        async with self._units.of(organization_id) as unit:
            provider = await unit.identities.provider()
        if provider is None or not provider.enabled:
            raise NotFound("single sign-on")
        state, nonce, verifier = new_state(organization_id), secrets.token_urlsafe(32), secrets.token_urlsafe(64)
        try:
            url = await self._identities.authorize_url(
                self._client(organization_id, provider),
                state=state,
                nonce=nonce,
                verifier=verifier,
                redirect_uri=self._redirect_uri,
            )
        except ProviderError as failure:
            raise SignOnRefused("provider_unavailable") from failure
        attempt_id, until = self._ids.new(), self._clock.system() + ATTEMPT_LIVES
        sealed = self._sealed(organization_id, "sign_in_attempts", attempt_id, "verifier", verifier)
        async with self._units.of(organization_id) as unit:
            await unit.identities.add_attempt(Attempt(attempt_id, hash_of_state(state, browser), sealed, nonce, until))
        return url

    async def complete(
        self,
        state: str,
        browser: str,
        code: str | None,
        error: str | None,
        issuer: str | None,
        *,
        address: str,
        user_agent: str,
        previous: str | None = None,
    ) -> SignedIn:
        """The browser is back: a new session, or SignOnRefused, which says why there is none."""
        organization_id = organization_of(state)
        if organization_id is None or not browser:
            raise SignOnRefused("state_invalid")
        async with self._units.of(organization_id) as unit:
            attempt = await unit.identities.take_attempt(hash_of_state(state, browser), self._clock.system())
            provider = await unit.identities.provider()
        if attempt is None:
            raise SignOnRefused("state_invalid")
        if provider is None or not provider.enabled:
            raise SignOnRefused("not_configured")
        # RFC 9207: whose answer it is, where the provider says so.
        if error or not code or issuer not in (None, provider.issuer):
            raise SignOnRefused("access_denied" if error == "access_denied" else "provider_refused")
        person = await self._person(organization_id, provider, attempt, code)
        signed_in = await self._signed_in(organization_id, person, address, user_agent)
        if previous:
            await self._signing_in.log_out(previous)
        return signed_in

    async def _person(
        self, organization_id: OrganizationId, provider: IdentityProvider, attempt: Attempt, code: str
    ) -> Person:
        verifier = self._opened(organization_id, "sign_in_attempts", attempt.id, "verifier", attempt.verifier)
        try:
            return await self._identities.person(
                self._client(organization_id, provider),
                code=code,
                nonce=attempt.nonce,
                verifier=verifier,
                redirect_uri=self._redirect_uri,
            )
        except ProviderRejected as refusal:
            raise SignOnRefused("provider_refused") from refusal
        except ProviderError as failure:
            raise SignOnRefused("provider_unavailable") from failure

    async def _signed_in(
        self, organization_id: OrganizationId, person: Person, address: str, user_agent: str
    ) -> SignedIn:
        """The second factor is the provider's business: whoever comes from there has shown what it asks for."""
        async with self._units.of(organization_id) as unit:
            provider = await unit.identities.provider()
            if provider is None or not provider.enabled or provider.issuer != person.issuer:
                raise SignOnRefused("not_configured")
            user_id = await unit.identities.user_of(person.issuer, person.subject)
            if user_id is None:
                user = await self._found(unit, person, vouched_address(person, provider))
            else:
                user = await unit.users.locked(user_id)
            if user.state is UserState.INVITED:
                user = await self._joined(unit, organization_id, user)
            if user.state is not UserState.ACTIVE:
                raise SignOnRefused("unknown_user")
            return await self._signing_in.open_for(
                organization_id, user, address, user_agent, second_factor=True, unit=unit, method="single_sign_on"
            )

    async def _found(self, unit: SignOnUnit, person: Person, address: str | None) -> User:
        """The user of the address, who is this person from now on; nobody who is another one already."""
        if address is None:
            raise SignOnRefused("email_unverified")
        user_id = await unit.identities.user_with(email_key(address))
        if user_id is None:
            raise SignOnRefused("unknown_user")
        user = await unit.users.locked(user_id)
        if await unit.identities.is_known(user_id):
            raise SignOnRefused("identity_conflict")
        try:
            await unit.identities.link(user_id, person.issuer, person.subject, self._clock.system())
        except AlreadyExists as error:
            raise SignOnRefused("identity_conflict") from error
        return user

    async def _joined(self, unit: SignOnUnit, organization_id: OrganizationId, user: User) -> User:
        now = self._clock.system()
        joined = await unit.users.save(replace(user, state=UserState.ACTIVE, updated_at=now))
        await tell_of_joining(unit, organization_id, user.id)
        myself = Principal(organization_id, user.id, user.role)
        act = Act(Action.USER_JOINED, Target("user", user.id, user.name), {"method": "single_sign_on"})
        await record(unit, myself, act, now)
        return joined

    def _client(self, organization_id: OrganizationId, provider: IdentityProvider) -> IdentityClient:
        secret = self._opened(
            organization_id, "identity_providers", provider.id, "client_secret", provider.client_secret
        )
        return IdentityClient(provider.issuer, provider.client_id, secret)

    def _sealed(self, organization_id: OrganizationId, table: str, row: UUID, field: str, plain: str) -> bytes:
        return self._vault.seal(plain.encode(), organization_id=organization_id, table=table, row=row, field=field)

    def _opened(self, organization_id: OrganizationId, table: str, row: UUID, field: str, sealed: bytes) -> str:
        return self._vault.open(sealed, organization_id=organization_id, table=table, row=row, field=field).decode()
