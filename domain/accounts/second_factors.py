"""The own second factor: an app for codes (TOTP), and recovery codes for when it is gone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.accounts.access_ports import SignInUnit
from domain.accounts.audit import Act, Action, record
from domain.accounts.factors import (
    FactorStatus,
    TotpSecret,
    TotpSetup,
    hash_of_code,
    new_recovery_codes,
    new_totp_secret,
    otpauth_uri,
    plain_code,
    step_of,
)
from domain.accounts.freshness import require_fresh
from domain.accounts.model import User
from domain.accounts.notices import Notice, give_notice
from domain.accounts.origin import origin
from domain.accounts.password_check import PasswordCheck
from domain.accounts.ports import Gate
from domain.accounts.second_step import SecondStep
from domain.shared.clock import Clock
from domain.shared.errors import InvalidField, NotAllowedInState, NotFound
from domain.shared.ids import UserId
from domain.shared.principal import Principal
from domain.shared.units import Units


class SecondFactors:
    """For a signed-in person alone."""

    def __init__(
        self, units: Units[SignInUnit], gate: Gate, passwords: PasswordCheck, second_step: SecondStep, clock: Clock
    ) -> None:
        self._units = units
        self._gate = gate
        self._passwords = passwords
        self._second_step = second_step
        self._clock = clock

    async def status(self, principal: Principal) -> FactorStatus:
        """What there is."""
        principal.require_session()
        async with self._units.of(principal.organization_id) as unit:
            totp = await unit.factors.totp(principal.user_id)
            return FactorStatus(
                totp=totp is not None and totp.confirmed_at is not None,
                passkeys=len(await unit.passkeys.of_user(principal.user_id)),
                recovery_codes_left=await unit.factors.codes_left(principal.user_id),
                required=(await unit.organizations.get()).policy.require_second_factor,
            )

    async def begin_totp(self, principal: Principal) -> TotpSetup:
        """A new secret, which counts once a code of it came back; an unconfirmed one before it is forgotten.

        Raises NotAllowedInState while there is a confirmed one, ConfirmationRequired.
        """
        principal.require_session()
        secret = new_totp_secret()
        async with self._units.of(principal.organization_id) as unit:
            await require_fresh(unit, principal, self._clock.system())
            user = await unit.users.get(principal.user_id)
            sealed = self._second_step.seal(principal.organization_id, user, secret)
            if not await unit.factors.put_totp(TotpSecret(user.id, sealed, self._clock.system())):
                raise NotAllowedInState("There is an app already. Remove it first.", "has_totp")
        return TotpSetup(secret, otpauth_uri(secret, user.email))

    async def confirm_totp(self, principal: Principal, code: str) -> Sequence[str]:
        """The app counts from now on: recovery codes, shown this once. Sessions without a second factor end.

        Raises Rejected for a wrong code, NotAllowedInState when there is nothing to confirm, ConfirmationRequired.
        """
        principal.require_session()
        now, codes = self._clock.system(), new_recovery_codes()
        async with self._units.of(principal.organization_id) as unit:
            await require_fresh(unit, principal, now)
            user = await unit.users.locked(principal.user_id)
            await self._confirm(unit, principal, user.id, code, now)
            await unit.factors.replace_codes(user.id, [hash_of_code(code) for code in codes], now)
            await unit.users.save(replace(user, second_factor=True, updated_at=now))
            changed = await prove(unit, principal)
            await give_notice(unit, principal.organization_id, user.id, Notice.SECOND_FACTOR_ENABLED)
            await record(unit, principal, Act(Action.SECOND_FACTOR_ENABLED, detail={"kind": "totp"}), now)
        self._forget(changed)
        return codes

    async def remove_totp(self, principal: Principal, password: str) -> None:
        """The password is the proof of who sits there.

        Raises Rejected for a wrong one, which counts as a wrong guess; NotFound, TooManyRequests.
        """
        principal.require_session()
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.get(principal.user_id)
        right = await self._passwords.check(user.email_key, password, origin().address)
        if right is None or right.credentials.user_id != user.id:
            raise InvalidField("/password", "wrong_password", "This is not the password.")
        await self._passwords.succeeded(user.email_key, origin().address)
        now = self._clock.system()
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.locked(principal.user_id)
            if not await unit.factors.remove_totp(user.id):
                raise NotFound("second factor")
            changed = await without_factor(unit, user, now)
            await give_notice(unit, principal.organization_id, user.id, Notice.SECOND_FACTOR_DISABLED)
            await record(unit, principal, Act(Action.SECOND_FACTOR_DISABLED, detail={"kind": "totp"}), now)
        self._forget(changed)

    async def make_recovery_codes(self, principal: Principal) -> Sequence[str]:
        """New codes, shown this once; the old ones serve no more.

        Raises NotAllowedInState without a factor, ConfirmationRequired.
        """
        principal.require_session()
        now, codes = self._clock.system(), new_recovery_codes()
        async with self._units.of(principal.organization_id) as unit:
            await require_fresh(unit, principal, now)
            user = await unit.users.locked(principal.user_id)
            if not user.second_factor:
                raise NotAllowedInState("Set up a second factor first.", "no_second_factor")
            await unit.factors.replace_codes(user.id, [hash_of_code(code) for code in codes], now)
            await give_notice(unit, principal.organization_id, user.id, Notice.RECOVERY_CODES_MADE)
            await record(unit, principal, Act(Action.RECOVERY_CODES_MADE), now)
        return codes

    async def _confirm(self, unit: SignInUnit, principal: Principal, user_id: UserId, code: str, now: datetime) -> None:
        totp = await unit.factors.totp(user_id)
        if totp is None or totp.confirmed_at is not None:
            raise NotAllowedInState("There is no app to confirm.", "no_totp")
        secret = self._second_step.opened(principal.organization_id, totp)
        step = step_of(secret, plain_code(code), now, totp.last_step)
        if step is None:
            raise InvalidField("/code", "invalid_code", "This is not the code that the app shows now.")
        if not await unit.factors.confirm_totp(user_id, step, now):
            raise NotAllowedInState("There is no app to confirm.", "no_totp")

    def _forget(self, changed: Sequence[bytes]) -> None:
        for token_hash in changed:
            self._gate.forget(token_hash)


async def prove(unit: SignInUnit, principal: Principal) -> list[bytes]:
    """The user has just shown a factor in this session; the others that have none end. Gives what changed."""
    ended = await unit.sessions.end_others(principal.user_id, principal.session_id, unproven_only=True)
    proven = await unit.sessions.prove(principal.session_id) if principal.session_id else None
    return [*ended, proven] if proven else ended


async def without_factor(unit: SignInUnit, user: User, now: datetime) -> list[bytes]:
    """After a factor is gone: whether one is left, and what no session or recovery code is worth without one."""
    totp = await unit.factors.totp(user.id)
    if (totp and totp.confirmed_at) or await unit.passkeys.of_user(user.id):
        return []
    await unit.factors.remove_codes(user.id)
    await unit.users.save(replace(user, second_factor=False, updated_at=now))
    return await unit.sessions.doubt(user.id)
