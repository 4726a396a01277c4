"""How people come: they are invited by a letter with a link, and choose their password behind it.

Whoever has the letter is taken for its reader. Looking at an invitation uses nothing up, since mail scanners look too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from domain.accounts.access_ports import SignInUnit
from domain.accounts.administering import INVITING, AdministeringUnit, UserEntry, entry, locked, target
from domain.accounts.audit import Act, Action, ActorKind, Target, record, record_by_system
from domain.accounts.freshness import require_fresh
from domain.accounts.model import DEFAULT_CULTURE, DEFAULT_TIME_ZONE, Organization, SignedIn, User, UserState, email_key
from domain.accounts.notices import send_link, tell_of_joining
from domain.accounts.one_time_links import LinkKey, LinkKind, LinkTokens, OneTimeLink, new_link
from domain.accounts.password_rules import check_password, exact
from domain.accounts.ports import DefaultStatuses, Gate, Passwords
from domain.accounts.profile import changed, email_address, required_text
from domain.accounts.signing_in import SigningIn
from domain.shared.clock import Clock
from domain.shared.errors import AlreadyExists, NotAllowedInState, NotFound
from domain.shared.ids import Ids, OrganizationId, UserId
from domain.shared.principal import Principal, Role
from domain.shared.units import Units

TAKEN = "Somebody uses this address already."


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is to be invited. Time zone and culture are the inviter's where they are not given."""

    email: str
    name: str
    role: Role
    time_zone: str | None = None
    culture: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody who holds a link may know: whom it is for, and where it leads."""

    email: str
    name: str
    organization: str
    kind: LinkKind

    @property
    def own_words(self) -> tuple[str, ...]:
        """What must not carry the password."""
        return self.email, self.name, self.organization


class InvitingUnit(AdministeringUnit, SignInUnit, Protocol):
    """A transaction of one organization, as people come to it."""

    @property
    def statuses(self) -> DefaultStatuses: ...


class Inviting:
    """Invitations, and the welcome of an organization's first Administrator."""

    def __init__(
        self,
        *,
        units: Units[InvitingUnit],
        gate: Gate,
        passwords: Passwords,
        links: LinkTokens,
        signing_in: SigningIn,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._units = units
        self._gate = gate
        self._passwords = passwords
        self._links = links
        self._signing_in = signing_in
        self._clock = clock
        self._ids = ids

    async def invite(self, principal: Principal, invited: Invited) -> UserEntry:
        """A new user, who gets a letter. Raises Forbidden, Rejected, and AlreadyExists for an address that is in use.

        Where it is in use is not told: it may be another organization. Raises ConfirmationRequired for another
        Administrator; everybody else is invited without more ado.
        """
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            inviter = await unit.users.get(principal.user_id)
        user = self._user(invited, inviter.time_zone, inviter.culture)
        await self._refuse_taken(user)
        async with self._units.of(principal.organization_id) as unit:
            if user.role is Role.ADMINISTRATOR:
                await require_fresh(unit, principal, self._now)
            await unit.users.add(user)
            await self._send(unit, principal.organization_id, user.id, LinkKind.INVITATION)
            await record(unit, principal, Act(Action.USER_INVITED, target(user), {"role": user.role.value}), self._now)
            return await entry(unit, user)

    async def invite_again(self, principal: Principal, user_id: UserId) -> UserEntry:
        """A new letter with a new link; the one before serves no more. Raises NotFound, NotAllowedInState."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            user = await self._expected(unit, user_id)
            await self._revoke(unit, user_id)
            await self._send(unit, principal.organization_id, user_id, LinkKind.INVITATION)
            await record(unit, principal, Act(Action.INVITATION_SENT_AGAIN, target(user)), self._now)
            return await entry(unit, user)

    async def revoke(self, principal: Principal, user_id: UserId) -> None:
        """The link serves no more; the user may be invited again. May be repeated.

        Raises NotFound, NotAllowedInState.
        """
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            user = await self._expected(unit, user_id)
            if await self._revoke(unit, user_id):
                await record(unit, principal, Act(Action.INVITATION_REVOKED, target(user)), self._now)

    async def look(self, token: str) -> Invitation:
        """What the link is for; it serves on. Raises NotFound, alike for forged, used, revoked and outdated ones."""
        key = self._read(token)
        async with self._units.of(key.organization_id) as unit:
            return await self._invitation(unit, key)

    async def accept(
        self,
        token: str,
        password: str,
        place: Mapping[str, str],
        *,
        address: str,
        user_agent: str,
        previous: str | None = None,
    ) -> SignedIn:
        """The user chooses a password and is signed in. Of many who try at once one wins.

        `place` is the `time_zone` and `culture` that the user is in from now on, as far as they are known. Raises
        NotFound as `look` does, Rejected for a weak password or an unknown place, and AlreadyExists when another
        organization was quicker.
        """
        key = self._read(token)
        async with self._units.of(key.organization_id) as unit:
            check_password(password, (await self._invitation(unit, key)).own_words)
        password_hash = await self._hash(key, password)
        async with self._units.of(key.organization_id) as unit:
            user = await self._joined(unit, key, password_hash, place)
            signed_in = await self._signing_in.open_for(
                key.organization_id, user, address, user_agent, second_factor=False, unit=unit
            )
        if previous:
            await self._signing_in.log_out(previous)
        return signed_in

    async def found(self, organization: str, invited: Invited, postal_address: str = "") -> OneTimeLink:
        """An organization and its Administrator, who is welcomed by a letter; gives the link that stands in it.

        For whoever runs the installation. Raises Rejected, AlreadyExists.
        """
        name, now = required_text("/name", organization), self._now
        user = self._user(invited, DEFAULT_TIME_ZONE, DEFAULT_CULTURE)
        await self._refuse_taken(user)
        organization_id = OrganizationId(self._ids.new())
        async with self._units.of(organization_id) as unit:
            await unit.organizations.add(Organization(organization_id, name, now, postal_address))
            await unit.statuses.add_defaults()
            await unit.users.add(user)
            link = await self._send(unit, organization_id, user.id, LinkKind.WELCOME)
            founded = Act(Action.ORGANIZATION_CREATED, Target("organization", organization_id, name))
            await record_by_system(unit, founded, now, ActorKind.COMMAND_LINE)
        return link

    @property
    def _now(self) -> datetime:
        return self._clock.system()

    def _user(self, invited: Invited, time_zone: str, culture: str) -> User:
        """Whoever is invited, with this time zone and culture unless others are given."""
        now, email = self._now, email_address("/email", invited.email)
        blank = User(UserId(self._ids.new()), email, invited.name, invited.role, now, now, UserState.INVITED)
        place = {"time_zone": invited.time_zone or time_zone, "culture": invited.culture or culture}
        return changed(blank, {"name": invited.name, **place}, now)

    async def _refuse_taken(self, user: User) -> None:
        if await self._gate.credentials(email_key(user.email)) is not None:
            raise AlreadyExists(TAKEN, "user_email")

    async def _send(
        self, unit: InvitingUnit, organization_id: OrganizationId, user_id: UserId, kind: LinkKind
    ) -> OneTimeLink:
        link = new_link(self._ids, organization_id, user_id, kind, self._now)
        await unit.links.add(link)
        await send_link(unit, link)
        return link

    async def _expected(self, unit: InvitingUnit, user_id: UserId) -> User:
        """The user, who has not come yet. Raises NotFound, NotAllowedInState."""
        user = await locked(unit, user_id)
        if user.state is not UserState.INVITED:
            raise NotAllowedInState("Only somebody who has not joined yet can be invited.", "already_joined")
        return user

    async def _revoke(self, unit: InvitingUnit, user_id: UserId) -> int:
        return sum([await unit.links.revoke_of(user_id, kind, self._now) for kind in INVITING])

    def _read(self, token: str) -> LinkKey:
        key = self._links.read(token)
        if key is None or key.kind not in INVITING:
            raise NotFound("link")
        return key

    async def _invitation(self, unit: InvitingUnit, key: LinkKey) -> Invitation:
        link = await unit.links.get(key.link_id)
        user = await unit.users.get(link.user_id)
        if not link.serves(self._now) or user.state is not UserState.INVITED:
            raise NotFound("link")
        return Invitation(user.email, user.name, (await unit.organizations.get()).name, key.kind)

    async def _hash(self, key: LinkKey, password: str) -> str:
        """Whoever waited for a turn while another used the link does not take it."""
        async with self._passwords.turn() as turn:
            async with self._units.of(key.organization_id) as unit:
                await self._invitation(unit, key)
            return await turn.hash(exact(password))

    async def _joined(self, unit: InvitingUnit, key: LinkKey, password_hash: str, place: Mapping[str, str]) -> User:
        link, now = await unit.links.use(key.link_id, self._now), self._now
        if link is None:
            raise NotFound("link")
        user = await self._expected_to_join(unit, link.user_id)
        user = await unit.users.save(replace(changed(user, place, now), state=UserState.ACTIVE))
        await unit.access.set_password(user, password_hash, now)
        await tell_of_joining(unit, key.organization_id, user.id)
        myself = Principal(key.organization_id, user.id, user.role)
        await record(unit, myself, Act(Action.USER_JOINED, target(user)), now)
        return user

    async def _expected_to_join(self, unit: InvitingUnit, user_id: UserId) -> User:
        """Deleted meanwhile is as good as revoked."""
        user = (await unit.users.lock([user_id])).get(user_id)
        if user is None or user.state is not UserState.INVITED:
            raise NotFound("link")
        return user
