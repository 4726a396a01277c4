"""A forgotten password: a letter with a link that sets another one.

Who asks learns nothing: the address is written down and the answer given, the same for known and unknown ones; a worker
looks afterwards whose it is. What was answered is kept: no letter is lost with the process that was asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.accounts.access_ports import SignInUnit
from domain.accounts.administering import target
from domain.accounts.audit import Act, Action, record
from domain.accounts.model import User, UserState, email_key
from domain.accounts.notices import Notice, give_notice, send_link
from domain.accounts.one_time_links import LinkKey, LinkKind, LinkStore, LinkTokens, new_link
from domain.accounts.password_rules import check_password, exact
from domain.accounts.ports import Gate, Passwords
from domain.shared.clock import Clock
from domain.shared.errors import NotFound
from domain.shared.ids import Ids, OrganizationId, UserId
from domain.shared.jobs import Job, Jobs
from domain.shared.principal import Principal
from domain.shared.units import SystemUnits, Units

RESET = LinkKind.PASSWORD_RESET
ANSWER_ASK = "password_resets.answer"
BATCH = 100


@dataclass(frozen=True, slots=True)
class Asker:
    """An active user with a password, whose address was asked about."""

    organization_id: OrganizationId
    user_id: UserId


class ResetGate(Protocol):
    """Where asking leads before an organization is known."""

    async def leave_ask(self, email_key: str, now: datetime) -> None:
        """The address waits for a worker from now on; one that waits already waits once."""
        ...


class ResetAsks(Protocol):
    """The addresses that wait, of whatever organization."""

    async def take(self, limit: int) -> Sequence[Asker | None]:
        """Of the longest waiting ones who they are, None for nobody. They are gone when the unit commits."""
        ...


class AsksUnit(Protocol):
    """A transaction across organizations, as whoever looks for asks sees it."""

    @property
    def reset_asks(self) -> ResetAsks: ...

    @property
    def jobs(self) -> Jobs: ...


class ResettingUnit(SignInUnit, Protocol):
    """A transaction of one organization, as resetting a password sees it."""

    @property
    def links(self) -> LinkStore: ...


class AskThrottle(Protocol):
    """Slows down who asks for letters."""

    async def take(self, email_key: str, address: str) -> None:
        """Counts one more. Raises TooManyRequests for one too many."""
        ...


class PasswordResets:
    """For people who are not signed in; and for the workers that answer them."""

    def __init__(
        self,
        *,
        units: Units[ResettingUnit],
        asks: SystemUnits[AsksUnit],
        gate: Gate,
        reset_gate: ResetGate,
        passwords: Passwords,
        links: LinkTokens,
        throttle: AskThrottle,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._units = units
        self._asks = asks
        self._gate = gate
        self._reset_gate = reset_gate
        self._passwords = passwords
        self._links = links
        self._throttle = throttle
        self._clock = clock
        self._ids = ids

    async def ask(self, email: str, address: str) -> None:
        """A letter goes to whoever signs in with this address; a link that was sent before serves no more.

        Nobody is looked for here, so that it takes as long for nobody as for somebody. Raises TooManyRequests.
        """
        key = email_key(email)
        await self._throttle.take(key, address)
        await self._reset_gate.leave_ask(key, self._clock.system())

    async def pass_on(self) -> int:
        """One batch of asks: those of users become jobs, the others are forgotten. Says how many there were."""
        async with self._asks.system() as unit:
            asked = await unit.reset_asks.take(BATCH)
            known = [asker for asker in asked if asker]
            await unit.jobs.put(*(Job(ANSWER_ASK, one.organization_id, {"user_id": str(one.user_id)}) for one in known))
        return len(asked)

    async def answer(self, organization_id: OrganizationId, user_id: UserId) -> None:
        """A new link, and its letter. Done twice, the second link is the one that serves. Raises NotFound."""
        async with self._units.of(organization_id) as unit:
            # Locked, so that of two answers at once the later one's link is the only one that serves.
            user, now = await unit.users.locked(user_id), self._clock.system()
            if user.state is not UserState.ACTIVE:
                return
            await unit.links.revoke_of(user.id, RESET, now)
            link = new_link(self._ids, organization_id, user.id, RESET, now)
            await unit.links.add(link)
            await send_link(unit, link)

    async def reset(self, token: str, password: str) -> None:
        """Another password; all sessions end, access tokens stay. Of many who try at once one wins.

        Raises NotFound, alike for forged, used and outdated links, and InvalidField for a weak password.
        """
        key = self._links.read(token)
        if key is None or key.kind is not RESET:
            raise NotFound("link")
        async with self._units.of(key.organization_id) as unit:
            user = await self._user_of(unit, key)
            check_password(password, (user.email, user.name, (await unit.organizations.get()).name))
        password_hash = await self._hash(key, password)
        async with self._units.of(key.organization_id) as unit:
            ended = await self._replaced(unit, key, password_hash)
        for token_hash in ended:
            self._gate.forget(token_hash)

    async def _hash(self, key: LinkKey, password: str) -> str:
        """Whoever waited for a turn while another used the link does not take it."""
        async with self._passwords.turn() as turn:
            async with self._units.of(key.organization_id) as unit:
                await self._user_of(unit, key)
            return await turn.hash(exact(password))

    async def _replaced(self, unit: ResettingUnit, key: LinkKey, password_hash: str) -> Sequence[bytes]:
        now: datetime = self._clock.system()
        link = await unit.links.use(key.link_id, now)
        user = (await unit.users.lock([link.user_id])).get(link.user_id) if link else None
        if user is None or user.state is not UserState.ACTIVE:
            raise NotFound("link")
        await unit.access.set_password(user, password_hash, now)
        await unit.links.revoke_of(user.id, RESET, now)
        await give_notice(unit, key.organization_id, user.id, Notice.PASSWORD_RESET)
        myself = Principal(key.organization_id, user.id, user.role)
        await record(unit, myself, Act(Action.PASSWORD_RESET, target(user)), now)
        return await unit.sessions.end_others(user.id, None)

    async def _user_of(self, unit: ResettingUnit, key: LinkKey) -> User:
        link = await unit.links.get(key.link_id)
        user = await unit.users.get(link.user_id)
        if not link.serves(self._clock.system()) or user.state is not UserState.ACTIVE:
            raise NotFound("link")
        return user
