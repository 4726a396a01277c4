"""The own passkeys, and signing in with one: no password, no address, since the device knows both."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.accounts.access_ports import Ceremonies, PasskeyGate, SignInUnit
from domain.accounts.audit import Act, Action, Target, record
from domain.accounts.factors import PASSKEYS_AT_MOST, KnownPasskey, Passkey
from domain.accounts.model import SignedIn, UserState
from domain.accounts.notices import Notice, give_notice
from domain.accounts.ports import Gate, Throttle
from domain.accounts.profile import required_text
from domain.accounts.second_factors import prove, without_factor
from domain.accounts.signing_in import SigningIn
from domain.shared.clock import Clock
from domain.shared.errors import InvalidField, InvalidPasskey, NotAllowedInState
from domain.shared.ids import Ids, PasskeyId
from domain.shared.principal import Principal
from domain.shared.units import Units

CHALLENGE_LIVES = timedelta(minutes=5)


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
        signing_in: SigningIn,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._units = units
        self._gate = gate
        self._passkey_gate = passkey_gate
        self._ceremonies = ceremonies
        self._throttle = throttle
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
        """A challenge's id, and what the browser is asked. Raises PasskeysUnavailable, NotAllowedInState."""
        principal.require_session()
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.get(principal.user_id)
            known = await unit.passkeys.of_user(principal.user_id)
        if len(known) >= PASSKEYS_AT_MOST:
            raise NotAllowedInState(f"A user has at most {PASSKEYS_AT_MOST} passkeys.")
        challenge, options = self._ceremonies.registration(user, known)
        return await self._kept(challenge, principal), options

    async def add(self, principal: Principal, challenge_id: UUID, name: str, credential: dict[str, Any]) -> Passkey:
        """The passkey signs in from now on. Raises Rejected, AlreadyExists."""
        principal.require_session()
        label, now = required_text("/name", name), self._clock.system()
        challenge = await self._passkey_gate.take_challenge(challenge_id, principal.user_id, now)
        if challenge is None:
            raise InvalidField("/challenge_id", "expired", "This took too long. Begin again.")
        try:
            credential_id, public_key, count, transports = self._ceremonies.registered(credential, challenge)
        except InvalidPasskey as refusal:
            raise InvalidField("/credential", refusal.code, "The browser's answer is not valid.") from refusal
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
        """It signs in no more. Raises NotFound."""
        principal.require_session()
        now = self._clock.system()
        async with self._units.of(principal.organization_id) as unit:
            user = await unit.users.locked(principal.user_id)
            passkey = await unit.passkeys.remove(user.id, passkey_id)
            changed = await without_factor(unit, user, now)
            await give_notice(unit, principal.organization_id, user.id, Notice.PASSKEY_REMOVED)
            await record(unit, principal, Act(Action.PASSKEY_REMOVED, _target(passkey)), now)
        self._forget(changed)

    async def begin_sign_in(self) -> tuple[UUID, dict[str, Any]]:
        """For anybody's browser: which passkey it offers is seen later. Raises PasskeysUnavailable."""
        challenge, options = self._ceremonies.sign_in()
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
        now = self._clock.system()
        credential_id = self._ceremonies.credential_id(credential)
        guessed = f"passkey/{credential_id.hex()}"
        await self._throttle.check(guessed, address)
        challenge = await self._passkey_gate.take_challenge(challenge_id, None, now)
        known = await self._passkey_gate.passkey(credential_id)
        if challenge is None or known is None:
            await self._throttle.failed(guessed, address)
            raise InvalidPasskey
        try:
            count = self._ceremonies.signed_in(credential, challenge, known)
        except InvalidPasskey:
            await self._throttle.failed(guessed, address)
            raise
        signed_in = await self._opened(known, credential_id, count, address, user_agent)
        await self._throttle.succeeded(guessed, address)
        if previous:
            await self._signing_in.log_out(previous)
        return signed_in

    async def _opened(
        self, known: KnownPasskey, credential_id: bytes, count: int, address: str, user_agent: str
    ) -> SignedIn:
        """Unless the passkey was removed or used, or the user deleted, since it was looked up."""
        organization_id, now = known.organization_id, self._clock.system()
        async with self._units.of(organization_id) as unit:
            user = await unit.users.hold(known.user_id)
            used = await unit.passkeys.use(credential_id, known.sign_count, count, now)
            if user.state is not UserState.ACTIVE or not used:
                raise InvalidPasskey
            return await self._signing_in.open_for(
                organization_id, user, address, user_agent, second_factor=True, unit=unit, method="passkey"
            )

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


def _target(passkey: Passkey) -> Target:
    return Target("passkey", passkey.id, passkey.name)
