"""A forgotten password: a letter with a link that sets another one.

Who asks learns nothing: known and unknown addresses are answered the same, before anybody looks for them.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import structlog

from domain.accounts.access_ports import SignInUnit
from domain.accounts.administering import target
from domain.accounts.audit import Act, Action, record
from domain.accounts.model import User, UserState, email_key
from domain.accounts.notices import Notice, give_notice, send_link
from domain.accounts.one_time_links import LinkKey, LinkKind, LinkStore, LinkTokens, new_link
from domain.accounts.password_rules import check_password, exact
from domain.accounts.ports import Gate, Passwords
from domain.shared.clock import Clock
from domain.shared.errors import EngageError, NotFound
from domain.shared.ids import Ids
from domain.shared.principal import Principal
from domain.shared.units import Units

log = structlog.get_logger(__name__)

RESET = LinkKind.PASSWORD_RESET


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
    """For people who are not signed in."""

    def __init__(
        self,
        *,
        units: Units[ResettingUnit],
        gate: Gate,
        passwords: Passwords,
        links: LinkTokens,
        throttle: AskThrottle,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._units = units
        self._gate = gate
        self._passwords = passwords
        self._links = links
        self._throttle = throttle
        self._clock = clock
        self._ids = ids
        self._under_way: set[asyncio.Task[None]] = set()

    async def ask(self, email: str, address: str) -> None:
        """A letter goes to whoever signs in with this address; a link that was sent before serves no more.

        The answer waits for none of it, so that it takes as long for nobody as for somebody. Raises TooManyRequests.
        """
        key = email_key(email)
        await self._throttle.take(key, address)
        task = asyncio.create_task(self._send(key))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

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

    async def close(self) -> None:
        """Waits for what is still being written."""
        await asyncio.gather(*self._under_way)

    async def _send(self, key: str) -> None:
        try:
            found = await self._gate.credentials(key)
            if found is None:
                return
            async with self._units.of(found.organization_id) as unit:
                now = self._clock.system()
                await unit.links.revoke_of(found.user_id, RESET, now)
                link = new_link(self._ids, found.organization_id, found.user_id, RESET, now)
                await unit.links.add(link)
                await send_link(unit, link)
        except EngageError as failure:
            log.warning("reset_not_sent", code=failure.code)

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
