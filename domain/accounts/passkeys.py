"""The own passkeys, and signing in with one: no password, no address, since the device knows both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.accounts.access_ports import BeginningThrottle, Ceremonies, PasskeyGate, SignInUnit
from domain.accounts.audit import Act, Action, Target, record
from domain.accounts.factors import PASSKEYS_AT_MOST, KnownPasskey, Passkey
from domain.accounts.freshness import require_fresh
from domain.accounts.model import SignedIn, User, UserState
from domain.accounts.notices import Notice, give_notice
from domain.accounts.ports import Gate, Throttle
from domain.accounts.profile import required_text
from domain.accounts.second_factors import prove, without_factor
from domain.accounts.signing_in import SigningIn
from domain.shared.clock import Clock
from domain.shared.errors import InvalidField, InvalidPasskey, NotAllowedInState
from domain.shared.ids import Ids, PasskeyId, UserId
from domain.shared.principal import Principal
from domain.shared.units import Units

CHALLENGE_LIVES = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that a passkey has answered, and how often it says to have been used by now."""

    known: KnownPasskey
    credential_id: bytes
    count: int


class Passkeys:
    """A challenge serves once, for five minutes, and for what it was made for."""

    def __init__(
        self,
        *,
        units: Units[SignInUnit],
        gate: Gate,
        passkey_gate: PasskeyGate,
        ceremonies: Ceremonies,
        throttle: Throttle,
        beginnings: BeginningThrottle,
        signing_in: SigningIn,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._units = units
        self._gate = gate
        self._passkey_gate = passkey_gate
        self._ceremonies = ceremonies
        self._throttle = throttle
        self._beginnings = beginnings
        self._signing_in = signing_in
        self._clock = clock
        self._ids = ids

    @property
    def available(self) -> bool:
        """Whether browsers use passkeys at this installation's address."""
        return self._ceremonies.available

    async def list(self, principal: Principal) -> Sequence[Passkey]:
        """The own ones, oldest first."""
        principal.require_session()
        async with self._units.of(principal.organization_id) as unit:
            return await unit.passkeys.of_user(principal.user_id)

    async def begin_adding(self, principal: Principal) -> tuple[UUID, dict[str, Any]]:
        """A challenge's id, and what the browser is asked.

        Raises PasskeysUnavailable, NotAllowedInState, ConfirmationRequired.
        """
        principal.require_session()
        async with self._units.of(principal.organization_id) as unit:
            await require_fresh(unit, principal, self._clock.system())
            user = await unit.users.get(principal.user_id)
            known = await unit.passkeys.of_user(principal.user_id)
        if len(known) >= PASSKEYS_AT_MOST:
            message = f"A user has at most {PASSKEYS_AT_MOST} passkeys."
            raise NotAllowedInState(message, "passkeys_full", maximum=PASSKEYS_AT_MOST)
        challenge, options = self._ceremonies.registration(user, known)
        return await self._kept(challenge, principal), options

    async def add(self, principal: Principal, challenge_id: UUID, name: str, credential: dict[str, Any]) -> Passkey:
        """The passkey signs in from now on. Raises Rejected, AlreadyExists, ConfirmationRequired."""
        principal.require_session()
        label, now = required_text("/name", name), self._clock.system()
        # Before the challenge is used up, so that the very same can be sent again.
        async with self._units.of(principal.organization_id) as unit:
            await require_fresh(unit, principal, now)
        challenge = await self._passkey_gate.take_challenge(challenge_id, principal.user_id, now)
        if challenge is None:
            raise InvalidField("/challenge_id", "expired", "This took too long. Begin again.")
        try:
            credential_id, public_key, count, transports = self._ceremonies.registered(credential, challenge)
        except InvalidPasskey as refusal:
            raise InvalidField("/credential", "invalid_passkey", "The browser's answer is not valid.") from refusal
        passkey = Passkey(
            PasskeyId(self._ids.new()), principal.user_id, label, credential_id, public_key, count, transports, now
        )
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.locked(principal.user_id)
            await unit.passkeys.add(passkey)
            await unit.users.save(replace(user, second_factor=True, updated_at=now))
            changed = await self._proven(unit, principal)
            await give_notice(unit, principal.organization_id, user.id, Notice.PASSKEY_ADDED)
            await record(unit, principal, Act(Action.PASSKEY_ADDED, _target(passkey)), now)
        self._forget(changed)
        return passkey

    async def remove(self, principal: Principal, passkey_id: PasskeyId) -> None:
        """It signs in no more. Raises NotFound, ConfirmationRequired."""
        principal.require_session()
        now = self._clock.system()
        async with self._units.of(principal.organization_id) as unit:
            await require_fresh(unit, principal, now)
            user = await unit.users.locked(principal.user_id)
            passkey = await unit.passkeys.remove(user.id, passkey_id)
            changed = await without_factor(unit, user, now)
            await give_notice(unit, principal.organization_id, user.id, Notice.PASSKEY_REMOVED)
            await record(unit, principal, Act(Action.PASSKEY_REMOVED, _target(passkey)), now)
        self._forget(changed)

    async def begin_sign_in(self, address: str) -> tuple[UUID, dict[str, Any]]:
        """For anybody's browser: which passkey it offers is seen later. Raises PasskeysUnavailable, TooManyRequests."""
        challenge, options = self._ceremonies.sign_in()
        await self._beginnings.take(address)
        return await self._kept(challenge, None), options

    async def sign_in(
        self,
        challenge_id: UUID,
        credential: dict[str, Any],
        *,
        address: str,
        user_agent: str,
        previous: str | None = None,
    ) -> SignedIn:
        """A new session, with a second factor: the device has asked its owner.

        Raises InvalidPasskey, alike for whatever is wrong, and TooManyRequests.
        """
        answered = await self.answered(challenge_id, credential, address)
        organization_id = answered.known.organization_id
        async with self._units.of(organization_id) as unit:
            user = await used(unit, answered, self._clock.system())
            signed_in = await self._signing_in.open_for(
                organization_id, user, address, user_agent, second_factor=True, unit=unit, method="passkey"
            )
        await self._throttle.succeeded(_guessed(answered.credential_id), address)
        if previous:
            await self._signing_in.log_out(previous)
        return signed_in

    async def begin_confirming(self, principal: Principal) -> tuple[UUID, dict[str, Any]]:
        """A question for one of the user's own passkeys. Raises PasskeysUnavailable, NotAllowedInState."""
        principal.require_session()
        async with self._units.of(principal.organization_id) as unit:
            known = await unit.passkeys.of_user(principal.user_id)
        if not known:
            raise NotAllowedInState("There is no passkey.", "no_passkey")
        challenge, options = self._ceremonies.sign_in(known)
        return await self._kept(challenge, principal), options

    async def answered(
        self, challenge_id: UUID, credential: dict[str, Any], address: str, whose: UserId | None = None
    ) -> Answered:
        """Which passkey answered, to a question that was for this user, or for anybody.

        Raises InvalidPasskey, alike for whatever is wrong, which counts as a wrong guess; TooManyRequests.
        """
        credential_id = self._ceremonies.credential_id(credential)
        await self._throttle.check(_guessed(credential_id), address)
        challenge = await self._passkey_gate.take_challenge(challenge_id, whose, self._clock.system())
        known = await self._passkey_gate.passkey(credential_id)
        try:
            if challenge is None or known is None or whose not in (None, known.user_id):
                raise InvalidPasskey
            return Answered(known, credential_id, self._ceremonies.signed_in(credential, challenge, known))
        except InvalidPasskey:
            await self._throttle.failed(_guessed(credential_id), address)
            raise

    async def _proven(self, unit: SignInUnit, principal: Principal) -> Sequence[bytes]:
        """Where a second factor is required, this session has it now, and sessions without one end."""
        required = (await unit.organizations.get()).policy.require_second_factor
        return await prove(unit, principal) if required else ()

    async def _kept(self, challenge: bytes, principal: Principal | None) -> UUID:
        challenge_id, until = self._ids.new(), self._clock.system() + CHALLENGE_LIVES
        user_id = principal.user_id if principal else None
        await self._passkey_gate.keep_challenge(challenge_id, challenge, user_id, until)
        return challenge_id

    def _forget(self, changed: Sequence[bytes]) -> None:
        for token_hash in changed:
            self._gate.forget(token_hash)


async def used(unit: SignInUnit, answered: Answered, now: datetime) -> User:
    """Whose passkey it is; it counts as used.

    Raises InvalidPasskey when it was removed or used, or the user deleted, since it was looked up.
    """
    user = await unit.users.hold(answered.known.user_id)
    counted = await unit.passkeys.use(answered.credential_id, answered.known.sign_count, answered.count, now)
    if user.state is not UserState.ACTIVE or not counted:
        raise InvalidPasskey
    return user


def _guessed(credential_id: bytes) -> str:
    return f"passkey/{credential_id.hex()}"


def _target(passkey: Passkey) -> Target:
    return Target("passkey", passkey.id, passkey.name)
