"""What people do with their accounts: sign in and out, keep their profile, make tokens, find colleagues."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain.accounts.model import (
    AccessToken,
    Colleague,
    Credentials,
    MadeToken,
    Me,
    NewOrganization,
    NewUser,
    Organization,
    SignedIn,
    User,
    email_key,
)
from domain.accounts.password_rules import check_password, exact
from domain.accounts.ports import AccountsUnit, Gate, Passwords, Secrets, Throttle
from domain.accounts.profile import changed, email_address, required_text
from domain.accounts.sessions import IDLE, new_session
from domain.accounts.tokens import DEFAULT_LIFETIME, new_access_token, scopes_of
from domain.accounts.working_hours_document import from_document, to_document
from domain.shared.clock import Clock
from domain.shared.errors import InvalidCredentials, NotFound
from domain.shared.ids import Ids, OrganizationId, TokenId, UserId
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal
from domain.shared.units import Units

COMMAND_LINE = "command line"


class Accounts:
    """The use cases of accounts. Sessions, tokens and throttles live on system time."""

    def __init__(
        self,
        *,
        units: Units[AccountsUnit],
        gate: Gate,
        passwords: Passwords,
        secrets: Secrets,
        throttle: Throttle,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._units = units
        self._gate = gate
        self._passwords = passwords
        self._secrets = secrets
        self._throttle = throttle
        self._clock = clock
        self._ids = ids

    async def log_in(
        self, email: str, password: str, *, address: str, user_agent: str, previous: str | None = None
    ) -> SignedIn:
        """A new session; the one that the browser had before (`previous`) ends.

        Raises InvalidCredentials, alike for unknown addresses and wrong passwords, and TooManyRequests.
        """
        key = email_key(email)
        await self._throttle.check(key, address)
        async with self._passwords.turn() as turn:
            # Asked again: many guesses may have waited together for their turn.
            await self._throttle.check(key, address)
            found = await self._gate.credentials(key)
            matches = await turn.matches(exact(password), found.password_hash if found else None)
            if found is None or not matches:
                await self._throttle.failed(key, address)
                raise InvalidCredentials
            outdated = self._passwords.is_outdated(found.password_hash)
            new_hash = await turn.hash(exact(password)) if outdated else None
        await self._throttle.succeeded(key, address)
        if previous:
            await self.log_out(previous)
        return await self._open_session(found, new_hash, address, user_agent)

    async def log_out(self, session_token: str) -> None:
        """Ends the session, if it still is one. May be repeated."""
        token_hash = self._secrets.hash_of_session(session_token)
        principal = await self._gate.session(token_hash) if token_hash else None
        if token_hash is None or principal is None:
            return
        async with self._units.of(principal.organization_id) as unit:
            await unit.access.end_session(token_hash)
        self._gate.forget(token_hash)

    async def principal_of_session(self, session_token: str) -> Principal | None:
        """Whose session it is; None when it is none (any more)."""
        token_hash = self._secrets.hash_of_session(session_token)
        return await self._gate.session(token_hash) if token_hash else None

    async def principal_of_token(self, access_token: str) -> Principal | None:
        """Whom a personal access token stands for; None when it serves no (more)."""
        token_hash = self._secrets.hash_of_access_token(access_token)
        return await self._gate.token(token_hash) if token_hash else None

    async def me(self, principal: Principal) -> Me:
        """The user who asks."""
        async with self._units.of(principal.organization_id) as unit:
            return Me(await unit.users.get(principal.user_id), await unit.organizations.get(), self._clock.now())

    async def update_profile(self, principal: Principal, changes: Mapping[str, str | None]) -> Me:
        """Changes the named fields of the own profile. Raises Rejected, VersionMismatch."""
        async with self._units.of(principal.organization_id) as unit:
            user = changed(await unit.users.get(principal.user_id), changes, self._clock.system())
            return Me(await unit.users.save(user), await unit.organizations.get(), self._clock.now())

    async def business_hours(self, principal: Principal) -> dict[str, Any]:
        """The document of the own working hours, with the holidays of this year and the next."""
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.get(principal.user_id)
        return to_document(user.hours, self._shown_years())

    async def set_business_hours(self, principal: Principal, document: Mapping[str, Any]) -> dict[str, Any]:
        """Replaces the own working hours; the profile's time zone moves with them. Raises Rejected."""
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.get(principal.user_id)
            hours = from_document(document, user.hours, self._shown_years())
            now = self._clock.system()
            await unit.users.save(replace(user, working_hours=hours, time_zone=hours.time_zone, updated_at=now))
        return to_document(hours, self._shown_years())

    async def directory(self, principal: Principal, words: str, page: PageRequest) -> Page[Colleague]:
        """Colleagues by name, for pickers and filters. Raises InvalidCursor."""
        async with self._units.of(principal.organization_id) as unit:
            return await unit.users.directory(words, page)

    async def tokens(self, principal: Principal) -> Sequence[AccessToken]:
        """The own access tokens, newest first. Raises Forbidden for tokens themselves."""
        principal.require_session()
        async with self._units.of(principal.organization_id) as unit:
            return await unit.access.tokens(principal.user_id)

    async def create_token(
        self, principal: Principal, name: str, scopes: Sequence[str], lifetime: timedelta
    ) -> MadeToken:
        """A new access token of the own user. Raises Rejected; Forbidden for tokens, which cannot make more."""
        principal.require_session()
        return await self._make_token(principal, name, scopes, lifetime)

    async def revoke_token(self, principal: Principal, token_id: TokenId) -> None:
        """The token serves no more. Raises NotFound, Forbidden."""
        principal.require_session()
        async with self._units.of(principal.organization_id) as unit:
            token = await unit.access.remove_token(principal.user_id, token_id)
        self._gate.forget(token.token_hash)

    async def create_token_for(
        self, email: str, scopes: Sequence[str] | None = None, lifetime: timedelta = DEFAULT_LIFETIME
    ) -> str:
        """A token for somebody, by whoever runs the installation; without scopes for all that the user may.

        Raises NotFound, Rejected, Forbidden.
        """
        principal = await self.principal_of(email)
        made = await self._make_token(principal, COMMAND_LINE, scopes or scopes_of(principal.role), lifetime)
        return made.secret

    async def principal_of(self, email: str) -> Principal:
        """The user who signs in with this address: for commands, never for strangers. Raises NotFound."""
        found = await self._gate.credentials(email_key(email))
        if found is None:
            raise NotFound("user")
        async with self._units.of(found.organization_id) as unit:
            user = await unit.users.get(found.user_id)
        return Principal(found.organization_id, user.id, user.role)

    async def create_organization(self, new: NewOrganization, *, any_password: bool = False) -> Principal:
        """An organization with the statuses it begins with and an Administrator.

        `any_password` is for passwords that the installation's own settings give. Raises Rejected; AlreadyExists when
        somebody signs in with that address.
        """
        name = required_text("/name", new.name)
        administrator = new.administrator
        if not any_password:
            check_password(new.password, (name, administrator.name, administrator.email))
        now = self._clock.system()
        user, password_hash = self._user(administrator, now), await self._hash(new.password)
        organization_id = OrganizationId(self._ids.new())
        async with self._units.of(organization_id) as unit:
            await unit.organizations.add(Organization(organization_id, name, now, new.postal_address))
            await unit.statuses.add_defaults()
            await unit.users.add(user)
            await unit.access.set_password(user, password_hash, now)
        return Principal(organization_id, user.id, user.role)

    async def create_user(self, principal: Principal, new: NewUser, *, any_password: bool = False) -> User:
        """A colleague who can sign in at once. Raises Forbidden, Rejected, AlreadyExists."""
        principal.require_administrator()
        if not any_password:
            check_password(new.password, (new.name, new.email))
        now = self._clock.system()
        user, password_hash = self._user(new, now), await self._hash(new.password)
        async with self._units.of(principal.organization_id) as unit:
            await unit.users.add(user)
            await unit.access.set_password(user, password_hash, now)
        return user

    async def has_account(self, email: str) -> bool:
        """Whether somebody signs in with this address: for commands, never told to strangers."""
        return await self._gate.credentials(email_key(email)) is not None

    async def _open_session(self, found: Credentials, new_hash: str | None, address: str, user_agent: str) -> SignedIn:
        now, token = self._clock.system(), self._secrets.new_session()
        token_hash = self._secrets.hash_of_session(token)
        assert token_hash is not None
        session = new_session(self._ids, found.user_id, token_hash, address, user_agent, now)
        async with self._units.of(found.organization_id) as unit:
            user = await unit.users.get(found.user_id)
            if new_hash:
                await unit.access.set_password(user, new_hash, now)
            await unit.access.forget_sessions(user.id, now - IDLE, now)
            await unit.access.add_session(session)
        return SignedIn(Principal(found.organization_id, user.id, user.role), token, session.expires_at)

    async def _make_token(
        self, principal: Principal, name: str, scopes: Sequence[str], lifetime: timedelta
    ) -> MadeToken:
        secret, now = self._secrets.new_access_token(), self._clock.system()
        token_hash = self._secrets.hash_of_access_token(secret)
        assert token_hash is not None
        token = new_access_token(self._ids, principal.user_id, principal.role, token_hash, name, scopes, lifetime, now)
        async with self._units.of(principal.organization_id) as unit:
            await unit.access.add_token(token)
        return MadeToken(token, secret)

    async def _hash(self, password: str) -> str:
        async with self._passwords.turn() as turn:
            return await turn.hash(exact(password))

    def _user(self, new: NewUser, now: datetime) -> User:
        blank = User(UserId(self._ids.new()), email_address("/email", new.email), new.name, new.role, now, now)
        return changed(blank, {"name": new.name, "time_zone": new.time_zone, "culture": new.culture}, now)

    def _shown_years(self) -> tuple[int, int]:
        year = self._clock.now().year
        return year, year + 1
