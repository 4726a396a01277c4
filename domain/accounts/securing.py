"""The own password and the own sessions."""

from collections.abc import Sequence

from domain.accounts.access_ports import SignInUnit
from domain.accounts.audit import Act, Action, Target, record
from domain.accounts.model import Session, UserState
from domain.accounts.notices import Notice, give_notice
from domain.accounts.origin import origin
from domain.accounts.password_check import PasswordCheck
from domain.accounts.password_rules import check_password
from domain.accounts.ports import Gate
from domain.shared.clock import Clock
from domain.shared.errors import InvalidField, NotFound, Unauthenticated
from domain.shared.ids import SessionId
from domain.shared.principal import Principal
from domain.shared.units import Units


class Securing:
    """For a signed-in person alone: a token can neither see nor end sessions, nor change a password."""

    def __init__(self, units: Units[SignInUnit], gate: Gate, passwords: PasswordCheck, clock: Clock) -> None:
        self._units = units
        self._gate = gate
        self._passwords = passwords
        self._clock = clock

    async def change_password(self, principal: Principal, current: str, new: str) -> None:
        """The other sessions end.

        Raises Rejected for a wrong current password, which counts as a wrong guess, and for a new one that is easily
        guessed; TooManyRequests, Forbidden.
        """
        principal.require_session()
        async with self._units.of(principal.organization_id) as unit:
            user, organization = await unit.users.get(principal.user_id), await unit.organizations.get()
        check_password(new, (user.name, user.email, organization.name))
        right = await self._passwords.check(user.email_key, current, origin().address, new)
        if right is None or right.credentials.user_id != user.id:
            raise InvalidField("/current", "wrong_password", "This is not the current password.")
        assert right.new_hash is not None
        now = self._clock.system()
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.hold(principal.user_id)
            if user.state is not UserState.ACTIVE:
                raise Unauthenticated  # deleted while the password was checked
            await unit.access.set_password(user, right.new_hash, now)
            ended = await unit.sessions.end_others(user.id, principal.session_id)
            await give_notice(unit, principal.organization_id, user.id, Notice.PASSWORD_CHANGED)
            await record(unit, principal, Act(Action.PASSWORD_CHANGED, detail={"sessions_ended": len(ended)}), now)
        self._forget(ended)
        await self._passwords.succeeded(user.email_key, origin().address)

    async def sessions(self, principal: Principal) -> Sequence[Session]:
        """The own sessions that still serve, the last used first."""
        principal.require_session()
        async with self._units.of(principal.organization_id) as unit:
            return await unit.sessions.of_user(principal.user_id, self._clock.system())

    async def end_session(self, principal: Principal, session_id: SessionId) -> None:
        """Ends one of the own sessions, the current one too. Raises NotFound."""
        principal.require_session()
        async with self._units.of(principal.organization_id) as unit:
            ended = await unit.sessions.end_of_user(principal.user_id, session_id)
            if ended is None:
                raise NotFound("session")
            act = Act(Action.SESSION_ENDED, Target("session", session_id, ""), {"how": "ended_by_user"})
            await record(unit, principal, act, self._clock.system())
        self._forget([ended])

    async def end_other_sessions(self, principal: Principal) -> None:
        """Ends all the own sessions but the current one. May be repeated."""
        principal.require_session()
        async with self._units.of(principal.organization_id) as unit:
            ended = await unit.sessions.end_others(principal.user_id, principal.session_id)
            if ended:
                act = Act(Action.SESSION_ENDED, detail={"how": "ended_by_user", "sessions_ended": len(ended)})
                await record(unit, principal, act, self._clock.system())
        self._forget(ended)

    def _forget(self, ended: Sequence[bytes]) -> None:
        for token_hash in ended:
            self._gate.forget(token_hash)
