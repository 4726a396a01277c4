"""What people do with their accounts: keep their profile, make tokens, find colleagues."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain.accounts.audit import Act, Action, ActorKind, Target, record, record_by_system
from domain.accounts.freshness import require_fresh
from domain.accounts.model import (
    AccessToken,
    Colleague,
    MadeToken,
    Me,
    NewOrganization,
    NewUser,
    Organization,
    User,
    email_key,
    with_hours,
)
from domain.accounts.onboarding import standing
from domain.accounts.password_rules import check_password, exact
from domain.accounts.ports import AccountsUnit, Gate, Passwords, Secrets
from domain.accounts.profile import changed, email_address, required_text
from domain.accounts.tokens import DEFAULT_LIFETIME, new_access_token, scopes_of, token_act
from domain.accounts.working_hours_document import from_document, to_document
from domain.shared.clock import Clock
from domain.shared.culture import language_of
from domain.shared.errors import NotFound
from domain.shared.ids import Ids, OrganizationId, TokenId, UserId
from domain.shared.jobs import Job
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal
from domain.shared.units import Units

COMMAND_LINE = "command line"
# What was planned by the former hours of {user_id} is planned anew; handled by domain.salesflows.replanning.
HOURS_CHANGED = "users.hours_changed"


class Accounts:
    """The use cases of accounts. Tokens live on system time."""

    def __init__(
        self,
        *,
        units: Units[AccountsUnit],
        gate: Gate,
        passwords: Passwords,
        secrets: Secrets,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._units = units
        self._gate = gate
        self._passwords = passwords
        self._secrets = secrets
        self._clock = clock
        self._ids = ids

    async def me(self, principal: Principal) -> Me:
        """The user who asks."""
        async with self._units.of(principal.organization_id) as unit:
            return await self._me(unit, await unit.users.get(principal.user_id), principal)

    async def update_profile(self, principal: Principal, changes: Mapping[str, Any]) -> Me:
        """Changes the named fields of the own profile. Raises Rejected."""
        async with self._units.of(principal.organization_id) as unit:
            before = await unit.users.locked(principal.user_id)
            after = changed(before, changes, self._clock.system())
            return await self._me(unit, await _saved(unit, principal, before, after), principal)

    async def business_hours(self, principal: Principal) -> dict[str, Any]:
        """The document of the own working hours, with the holidays of this year and the next."""
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.get(principal.user_id)
        return to_document(user.hours, self._shown_years(), language_of(user.culture))

    async def set_business_hours(self, principal: Principal, document: Mapping[str, Any]) -> dict[str, Any]:
        """Replaces the own working hours; the profile's time zone moves with them. Raises Rejected."""
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.locked(principal.user_id)
            hours = from_document(document, user.hours, self._shown_years())
            changed_user = replace(with_hours(user, hours), updated_at=self._clock.system())
            await _saved(unit, principal, user, changed_user)
        return to_document(hours, self._shown_years(), language_of(user.culture))

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
        """A new access token of the own user.

        Raises Rejected, ConfirmationRequired; Forbidden for tokens, which cannot make more.
        """
        principal.require_session()
        return await self._make_token(principal, name, scopes, lifetime)

    async def revoke_token(self, principal: Principal, token_id: TokenId) -> None:
        """The token serves no more. Raises NotFound, Forbidden."""
        principal.require_session()
        async with self._units.of(principal.organization_id) as unit:
            token = await unit.access.remove_token(principal.user_id, token_id)
            await record(unit, principal, token_act(Action.TOKEN_REVOKED, token), self._clock.system())
        self._gate.forget(token.token_hash)

    async def create_token_for(
        self, email: str, scopes: Sequence[str] | None = None, lifetime: timedelta = DEFAULT_LIFETIME
    ) -> str:
        """A token for somebody, by whoever runs the installation; without scopes for all that the user may.

        Raises NotFound, Rejected, Forbidden.
        """
        principal = await self.principal_of(email)
        scopes = scopes or scopes_of(principal.role)
        made = await self._make_token(principal, COMMAND_LINE, scopes, lifetime, by_command=True)
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
            act = Act(Action.ORGANIZATION_CREATED, Target("organization", organization_id, name))
            await record_by_system(unit, act, now, ActorKind.COMMAND_LINE)
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

    async def _me(self, unit: AccountsUnit, user: User, principal: Principal) -> Me:
        done = (await standing(unit, user)).completed
        organization = await unit.organizations.get()
        return Me(user, organization, self._clock.now(), done, principal.must_set_up_second_factor)

    async def _make_token(
        self, principal: Principal, name: str, scopes: Sequence[str], lifetime: timedelta, *, by_command: bool = False
    ) -> MadeToken:
        secret, now = self._secrets.new_access_token(), self._clock.system()
        token_hash = self._secrets.hash_of_access_token(secret)
        assert token_hash is not None
        token = new_access_token(self._ids, principal.user_id, principal.role, token_hash, name, scopes, lifetime, now)
        async with self._units.of(principal.organization_id) as unit:
            await require_fresh(unit, principal, now)
            await unit.access.add_token(token)
            act = token_act(Action.TOKEN_CREATED, token)
            if by_command:
                await record_by_system(unit, act, now, ActorKind.COMMAND_LINE)
            else:
                await record(unit, principal, act, now)
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


async def _saved(unit: AccountsUnit, principal: Principal, before: User, after: User) -> User:
    """The user as changed; what was planned by other hours follows by a job."""
    if before.hours != after.hours:
        await unit.jobs.put(Job(HOURS_CHANGED, principal.organization_id, {"user_id": str(after.id)}))
    return await unit.users.save(after)
