"""Signing in and out, and who stands behind a session or a token."""

from domain.accounts.access_ports import SignInUnit
from domain.accounts.audit import Act, Action, Target, record
from domain.accounts.model import Session, SignedIn, User, UserState, email_key
from domain.accounts.password_check import PasswordCheck, RightPassword
from domain.accounts.ports import Gate, Secrets
from domain.accounts.second_step import SecondStep
from domain.accounts.sessions import new_session
from domain.shared.clock import Clock
from domain.shared.errors import InvalidCode, InvalidCredentials
from domain.shared.ids import Ids, OrganizationId
from domain.shared.principal import Principal
from domain.shared.units import Units


class SigningIn:
    """Sessions live on system time, for as long as the organization's policy lets them."""

    def __init__(
        self,
        *,
        units: Units[SignInUnit],
        gate: Gate,
        passwords: PasswordCheck,
        secrets: Secrets,
        second_step: SecondStep,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._units = units
        self._gate = gate
        self._passwords = passwords
        self._secrets = secrets
        self._second_step = second_step
        self._clock = clock
        self._ids = ids

    async def log_in(
        self,
        email: str,
        password: str,
        code: str | None = None,
        *,
        address: str,
        user_agent: str,
        previous: str | None = None,
    ) -> SignedIn:
        """A new session; the one that the browser had before (`previous`) ends.

        Raises InvalidCredentials, alike for unknown addresses and wrong passwords; SecondFactorRequired when the
        password is right and a code is needed too; InvalidCode, which counts as a wrong guess; TooManyRequests.
        """
        key = email_key(email)
        found = await self._passwords.check(key, password, address)
        if found is None:
            raise InvalidCredentials
        try:
            signed_in = await self._with_password(found, code, address, user_agent)
        except InvalidCode:
            await self._passwords.failed(key, address)
            raise
        await self._passwords.succeeded(key, address)
        if previous:
            await self.log_out(previous)
        return signed_in

    async def open_for(
        self,
        organization_id: OrganizationId,
        user: User,
        address: str,
        user_agent: str,
        *,
        second_factor: bool,
        unit: SignInUnit | None = None,
        method: str = "link",
    ) -> SignedIn:
        """A session for somebody who has shown otherwise who he is; in the caller's unit, where one is given.

        `second_factor` says whether that was as good as one. Raises SecondFactorRequired when it was not and the user
        has one: no link goes around it.
        """
        if unit is not None:
            return await self._opened(unit, organization_id, user, None, address, user_agent, second_factor, method)
        async with self._units.of(organization_id) as own:
            return await self._opened(own, organization_id, user, None, address, user_agent, second_factor, method)

    async def log_out(self, session_token: str) -> None:
        """Ends the session, if it still is one. May be repeated."""
        token_hash = self._secrets.hash_of_session(session_token)
        principal = await self._gate.session(token_hash) if token_hash else None
        if token_hash is None or principal is None:
            return
        async with self._units.of(principal.organization_id) as unit:
            await unit.sessions.end(token_hash)
            act = Act(Action.SESSION_ENDED, Target("session", principal.session_id, ""), {"how": "signed_out"})
            await record(unit, principal, act, self._clock.system())
        self._gate.forget(token_hash)

    async def principal_of_session(self, session_token: str) -> Principal | None:
        """Whose session it is; None when it is none (any more)."""
        token_hash = self._secrets.hash_of_session(session_token)
        return await self._gate.session(token_hash) if token_hash else None

    async def principal_of_token(self, access_token: str) -> Principal | None:
        """Whom a personal access token stands for; None when it serves no (more)."""
        token_hash = self._secrets.hash_of_access_token(access_token)
        return await self._gate.token(token_hash) if token_hash else None

    async def _with_password(self, found: RightPassword, code: str | None, address: str, user_agent: str) -> SignedIn:
        organization_id = found.credentials.organization_id
        async with self._units.of(organization_id) as unit:
            user = await unit.users.hold(found.credentials.user_id)
            if user.state is not UserState.ACTIVE:
                raise InvalidCredentials  # deleted while the password was checked
            if found.new_hash:
                await unit.access.set_password(user, found.new_hash, self._clock.system())
            return await self._opened(unit, organization_id, user, code, address, user_agent, False, "password")

    async def _opened(
        self,
        unit: SignInUnit,
        organization_id: OrganizationId,
        user: User,
        code: str | None,
        address: str,
        user_agent: str,
        second_factor: bool,
        method: str,
    ) -> SignedIn:
        now, token = self._clock.system(), self._secrets.new_session()
        token_hash = self._secrets.hash_of_session(token)
        assert token_hash is not None
        organization = await unit.organizations.get()
        proven = second_factor or await self._second_step.demand(unit, organization, user, code, now)
        policy = organization.policy
        session = new_session(self._ids, user.id, token_hash, address, user_agent, now, policy, second_factor=proven)
        principal = Principal(
            organization_id,
            user.id,
            user.role,
            must_set_up_second_factor=policy.require_second_factor and not proven,
            session_id=session.id,
        )
        await unit.sessions.forget_old(user.id, now)
        await unit.sessions.add(session)
        await record(unit, principal, _opening(session, method), now)
        return SignedIn(principal, token, session.expires_at)


def _opening(session: Session, method: str) -> Act:
    detail: dict[str, str | int | bool | None] = {"method": method, "second_factor": session.second_factor}
    return Act(Action.SESSION_OPENED, Target("session", session.id, ""), detail)
