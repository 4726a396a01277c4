"""Builds everything about signing in: one gate, one throttle and one set of processors for passwords, shared by all."""

from abc import ABC, abstractmethod
from contextlib import AsyncExitStack
from functools import cached_property

from limits import RateLimitItem

from adapters.crypto import KeyRing, RandomSecrets
from adapters.ids import RandomIds
from adapters.oidc.provider import OpenIdProviders
from adapters.passkeys import WebAuthn
from adapters.passwords import Argon2Passwords
from adapters.postgres.database import Database
from adapters.postgres.gate import PostgresGate
from adapters.postgres.passkeys import PostgresPasskeyGate
from adapters.postgres.unit_of_work import PostgresUnits
from adapters.settings import Settings
from adapters.throttle import BEGINNINGS_OF_SIGN_ON, BEGINNINGS_WITH_PASSKEY, BeginningThrottle, SignInThrottle
from domain.accounts.confirming import Confirming
from domain.accounts.organization_settings import OrganizationSettings
from domain.accounts.passkeys import Passkeys
from domain.accounts.password_check import PasswordCheck
from domain.accounts.second_factors import SecondFactors
from domain.accounts.second_step import SecondStep
from domain.accounts.securing import Securing
from domain.accounts.sign_on_settings import SignOnSettings
from domain.accounts.signing_in import SigningIn
from domain.accounts.single_sign_on import SingleSignOn
from domain.shared.clock import Clock


class AccessServices(ABC):
    """A part of the container."""

    settings: Settings
    database: Database
    resources: AsyncExitStack
    clock: Clock
    ids: RandomIds

    @property
    @abstractmethod
    def units(self) -> PostgresUnits: ...

    @property
    @abstractmethod
    def keys(self) -> KeyRing: ...

    @cached_property
    def gate(self) -> PostgresGate:
        gate = PostgresGate(self.database, self.clock)
        self.resources.push_async_callback(gate.close)
        return gate

    @cached_property
    def throttle(self) -> SignInThrottle:
        throttle = SignInThrottle(self.settings.redis_url)
        self.resources.push_async_callback(throttle.close)
        return throttle

    @cached_property
    def passwords(self) -> Argon2Passwords:
        settings = self.settings
        passwords = Argon2Passwords(memory_kib=settings.password_memory_kib, passes=settings.password_passes)
        self.resources.callback(passwords.close)
        return passwords

    @cached_property
    def secrets(self) -> RandomSecrets:
        return RandomSecrets()

    @cached_property
    def password_check(self) -> PasswordCheck:
        return PasswordCheck(self.gate, self.passwords, self.throttle)

    @cached_property
    def second_step(self) -> SecondStep:
        return SecondStep(self.keys)

    @cached_property
    def signing_in(self) -> SigningIn:
        return SigningIn(
            units=self.units,
            gate=self.gate,
            passwords=self.password_check,
            secrets=self.secrets,
            second_step=self.second_step,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def securing(self) -> Securing:
        return Securing(self.units, self.gate, self.password_check, self.clock)

    @cached_property
    def second_factors(self) -> SecondFactors:
        return SecondFactors(self.units, self.gate, self.password_check, self.second_step, self.clock)

    @cached_property
    def passkeys(self) -> Passkeys:
        return Passkeys(
            units=self.units,
            gate=self.gate,
            passkey_gate=PostgresPasskeyGate(self.database),
            ceremonies=WebAuthn(self.settings.public_url),
            throttle=self.throttle,
            beginnings=self._counting(BEGINNINGS_WITH_PASSKEY),
            signing_in=self.signing_in,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def confirming(self) -> Confirming:
        return Confirming(
            units=self.units,
            passwords=self.password_check,
            second_step=self.second_step,
            passkeys=self.passkeys,
            clock=self.clock,
        )

    @cached_property
    def identity_providers(self) -> OpenIdProviders:
        providers = OpenIdProviders(self.clock, loopback=self.settings.sso_loopback)
        self.resources.push_async_callback(providers.close)
        return providers

    @cached_property
    def single_sign_on(self) -> SingleSignOn:
        return SingleSignOn(
            units=self.units,
            identities=self.identity_providers,
            signing_in=self.signing_in,
            beginnings=self._counting(BEGINNINGS_OF_SIGN_ON),
            vault=self.keys,
            clock=self.clock,
            ids=self.ids,
            public_url=self.settings.public_url,
        )

    @cached_property
    def sign_on_settings(self) -> SignOnSettings:
        return SignOnSettings(self.units, self.identity_providers, self.keys, self.clock, self.ids)

    @cached_property
    def organization_settings(self) -> OrganizationSettings:
        return OrganizationSettings(self.units, self.gate, self.clock)

    def _counting(self, limit: RateLimitItem) -> BeginningThrottle:
        throttle = BeginningThrottle(self.settings.redis_url, limit)
        self.resources.push_async_callback(throttle.close)
        return throttle
