"""Confirming who sits at a session: by the password, a code or a passkey, at the pace that guessing is allowed."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from domain.accounts.access_ports import SignInUnit
from domain.accounts.audit import Act, Action, Target, record
from domain.accounts.factors import Way
from domain.accounts.origin import origin
from domain.accounts.passkeys import Passkeys, used
from domain.accounts.password_check import PasswordCheck
from domain.accounts.second_step import SecondStep
from domain.shared.clock import Clock
from domain.shared.errors import InvalidField, InvalidPasskey, Unauthenticated
from domain.shared.principal import Principal
from domain.shared.units import Units


@dataclass(frozen=True, slots=True)
class PasskeyProof:
    """What the browser answers to the question of `Confirming.begin_by_passkey`."""

    challenge_id: UUID
    credential: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """One of them; a code is what the app shows, or a recovery code."""

    password: str | None = field(default=None, repr=False)
    code: str | None = field(default=None, repr=False)
    passkey: PasskeyProof | None = None


class Confirming:
    """For a signed-in person alone. Wrong guesses count as at signing in, and are on record."""

    def __init__(
        self,
        *,
        units: Units[SignInUnit],
        passwords: PasswordCheck,
        second_step: SecondStep,
        passkeys: Passkeys,
        clock: Clock,
    ) -> None:
        self._units = units
        self._passwords = passwords
        self._second_step = second_step
        self._passkeys = passkeys
        self._clock = clock

    async def begin_by_passkey(self, principal: Principal) -> tuple[UUID, dict[str, Any]]:
        """A challenge's id, and what the browser is asked. Raises PasskeysUnavailable, NotAllowedInState, Forbidden."""
        return await self._passkeys.begin_confirming(principal)

    async def confirm(self, principal: Principal, proof: Proof) -> None:
        """The session counts as confirmed for ten minutes; nothing else about it changes.

        Raises Rejected for a wrong proof and for none, TooManyRequests, Forbidden for tokens, and Unauthenticated when
        the session has ended meanwhile.
        """
        principal.require_session()
        match proof:
            case Proof(password=str(password), code=None, passkey=None):
                await self._by_password(principal, password)
            case Proof(password=None, code=str(code), passkey=None):
                await self._by_code(principal, code)
            case Proof(password=None, code=None, passkey=PasskeyProof() as passkey):
                await self._by_passkey(principal, passkey)
            case _:
                raise InvalidField("", "required", "Give a password, a code or a passkey's answer.")

    async def _by_password(self, principal: Principal, password: str) -> None:
        key, address = await self._key(principal), origin().address
        right = await self._passwords.check(key, password, address)
        if right is None or right.credentials.user_id != principal.user_id:
            await self._refused(principal, Way.PASSWORD)
            raise InvalidField("/password", "wrong_password", "This is not the password.")
        async with self._units.of(principal.organization_id) as unit:
            await self._confirmed(unit, principal, Way.PASSWORD)
        await self._passwords.succeeded(key, address)

    async def _by_code(self, principal: Principal, code: str) -> None:
        key, address = await self._key(principal), origin().address
        async with self._passwords.guess(key, address):
            async with self._units.of(principal.organization_id) as unit:
                user = await unit.users.hold(principal.user_id)
                way = await self._second_step.shown(unit, principal.organization_id, user, code, self._clock.system())
                if way:
                    await self._confirmed(unit, principal, way)
            if way is None:
                await self._passwords.failed(key, address)
        if way is None:
            await self._refused(principal, Way.TOTP)
            raise InvalidField("/code", "invalid_code", "This code is not valid. Take the next one that is shown.")
        await self._passwords.succeeded(key, address)

    async def _by_passkey(self, principal: Principal, proof: PasskeyProof) -> None:
        key, address = await self._key(principal), origin().address
        await self._passwords.wait(key, address)
        try:
            answered = await self._passkeys.answered(
                proof.challenge_id, proof.credential, address, whose=principal.user_id
            )
            async with self._units.of(principal.organization_id) as unit:
                await used(unit, answered, self._clock.system())
                await self._confirmed(unit, principal, Way.PASSKEY)
        except InvalidPasskey as refusal:
            await self._passwords.failed(key, address)
            await self._refused(principal, Way.PASSKEY)
            raise InvalidField("/passkey", "invalid_passkey", "This passkey could not be used.") from refusal
        await self._passwords.succeeded(key, address)

    async def _key(self, principal: Principal) -> str:
        """Under which guesses about the user are counted."""
        async with self._units.of(principal.organization_id) as unit:
            return (await unit.users.get(principal.user_id)).email_key

    async def _confirmed(self, unit: SignInUnit, principal: Principal, way: Way) -> None:
        now = self._clock.system()
        if principal.session_id is None or not await unit.sessions.confirm(principal.session_id, now):
            raise Unauthenticated
        await record(unit, principal, _act(Action.SESSION_CONFIRMED, principal, way), now)

    async def _refused(self, principal: Principal, way: Way) -> None:
        async with self._units.of(principal.organization_id) as unit:
            await record(unit, principal, _act(Action.SESSION_NOT_CONFIRMED, principal, way), self._clock.system())


def _act(action: Action, principal: Principal, way: Way) -> Act:
    return Act(action, Target("session", principal.session_id, ""), {"method": way.value})
