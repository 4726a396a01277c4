"""What Administrators do about the users of their organization: see who there is, change what they may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from domain.accounts.access_ports import Sessions
from domain.accounts.audit import Act, Action, AuditedUnit, Target, record
from domain.accounts.freshness import require_fresh
from domain.accounts.model import User, UserState
from domain.accounts.notices import Notice, give_notice
from domain.accounts.one_time_links import LinkKind, LinkStore, OneTimeLink
from domain.accounts.ports import Gate, WaysIn
from domain.accounts.profile import required_text
from domain.shared.clock import Clock
from domain.shared.errors import Conflict, InvalidField, NotAllowedInState, NotFound
from domain.shared.ids import UserId
from domain.shared.jobs import Jobs
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal, Role
from domain.shared.units import Units

PRESENT = (UserState.ACTIVE, UserState.INVITED)
INVITING = (LinkKind.INVITATION, LinkKind.WELCOME)


class LastAdministrator(Conflict):
    """An organization keeps an Administrator who can sign in."""

    code = "last_administrator"

    def __init__(self) -> None:
        super().__init__("This is the last Administrator. Make somebody else one first.")


@dataclass(frozen=True, slots=True)
class UserEntry:
    """A user as Administrators see one. `invitation` is the one that is under way, also when it has run out."""

    user: User
    last_seen_at: datetime | None = None
    invitation: OneTimeLink | None = None


class AdministeringUnit(AuditedUnit, Protocol):
    """A transaction of one organization, as those who administer its users see it."""

    @property
    def sessions(self) -> Sessions: ...

    @property
    def ways_in(self) -> WaysIn: ...

    @property
    def links(self) -> LinkStore: ...

    @property
    def jobs(self) -> Jobs: ...


class UserAdministration:
    """For Administrators alone: everything here raises Forbidden for others."""

    def __init__(self, *, units: Units[AdministeringUnit], gate: Gate, clock: Clock) -> None:
        self._units = units
        self._gate = gate
        self._clock = clock

    async def page(
        self, principal: Principal, words: str, states: Sequence[UserState], page: PageRequest
    ) -> Page[UserEntry]:
        """By name; without states those who are there. Raises InvalidCursor."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            found = await unit.users.page(words, states or PRESENT, page)
            return Page(await entries(unit, found.items), found.next_cursor)

    async def get(self, principal: Principal, user_id: UserId) -> UserEntry:
        """Deleted ones as well: their names stay in the history. Raises NotFound."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            return await entry(unit, await unit.users.get(user_id))

    async def change(self, principal: Principal, user_id: UserId, changes: Mapping[str, Any]) -> UserEntry:
        """Changes name, role or start_salesflow_on_behalf. Whose role changes has to sign in anew.

        Raises NotFound, Rejected, LastAdministrator, NotAllowedInState for somebody who was deleted, and
        ConfirmationRequired when the role changes.
        """
        principal.require_administrator()
        ended: Sequence[bytes] = ()
        async with self._units.of(principal.organization_id) as unit:
            before = await locked(unit, user_id)
            if before.state is UserState.DELETED:
                raise NotAllowedInState("This user was deleted.", "user_deleted")
            after = changed(before, changes)
            if after != before:
                await self._settle(unit, principal, before, after)
            if after.role is not before.role:
                ended = await unit.sessions.end_others(user_id, None)
            shown = await entry(unit, await unit.users.get(user_id))
        for token_hash in ended:
            self._gate.forget(token_hash)
        return shown

    async def _settle(self, unit: AdministeringUnit, principal: Principal, before: User, after: User) -> None:
        now = self._clock.system()
        if after.role is not before.role:
            await require_fresh(unit, principal, now)
            await require_another_administrator(unit, before)
            await give_notice(unit, principal.organization_id, after.id, Notice.ROLE_CHANGED)
        await unit.users.save(replace(after, updated_at=now))
        await record(unit, principal, Act(Action.USER_CHANGED, target(after), _what_changed(before, after)), now)


async def locked(unit: AuditedUnit, user_id: UserId, *others: UserId) -> User:
    """The user, whom nobody else changes meanwhile. First in a unit: who administers is settled by one at a time.

    The others are locked as well. Raises NotFound.
    """
    await unit.users.lock_administrators()
    user = (await unit.users.lock([user_id, *others])).get(user_id)
    if user is None:
        raise NotFound("user")
    return user


async def require_another_administrator(unit: AuditedUnit, user: User) -> None:
    """Raises LastAdministrator unless somebody else can administer once this user can't. For users that are locked."""
    counts = user.role is Role.ADMINISTRATOR and user.state is UserState.ACTIVE
    if counts and await unit.users.lock_administrators() == {user.id}:
        raise LastAdministrator


def changed(user: User, changes: Mapping[str, Any]) -> User:
    """The user with what an Administrator may change about him. Raises InvalidField."""
    values = dict(changes)
    for name, value in values.items():
        if value is None:
            raise InvalidField(f"/{name}", "required", "This must not be empty.")
    if "name" in values:
        values["name"] = required_text("/name", values["name"])
    return replace(user, **values)


async def entries(unit: AdministeringUnit, users: Sequence[User]) -> list[UserEntry]:
    """The users with what is known about their coming."""
    ids = [user.id for user in users]
    seen, links = await unit.ways_in.last_used(ids), await unit.links.latest_of(ids, *INVITING)
    return [UserEntry(user, seen.get(user.id), _under_way(user, links.get(user.id))) for user in users]


async def entry(unit: AdministeringUnit, user: User) -> UserEntry:
    """As `entries`, of one."""
    (found,) = await entries(unit, [user])
    return found


def target(user: User) -> Target:
    """The user, for the audit log."""
    return Target("user", user.id, user.name)


def _under_way(user: User, link: OneTimeLink | None) -> OneTimeLink | None:
    waits = user.state is UserState.INVITED and link is not None and link.revoked_at is None
    return link if waits else None


def _what_changed(before: User, after: User) -> dict[str, str | bool]:
    fields = [name for name in ("name", "role", "start_salesflow_on_behalf") if _differs(name, before, after)]
    detail: dict[str, str | bool] = {"fields": ", ".join(fields)}
    if "role" in fields:
        detail["role"] = after.role.value
    if "start_salesflow_on_behalf" in fields:
        detail["start_salesflow_on_behalf"] = after.start_salesflow_on_behalf
    return detail


def _differs(name: str, before: User, after: User) -> bool:
    return bool(getattr(before, name) != getattr(after, name))
