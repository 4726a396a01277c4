"""Builds how people come and go: invitations, forgotten passwords, administration, leaving."""

from functools import cached_property

from adapters.access import AccessServices
from adapters.link_tokens import SealedLinkTokens
from adapters.postgres.reset_asks import PostgresResetGate
from adapters.throttle import ResetThrottle
from domain.accounts.administering import UserAdministration
from domain.accounts.inviting import Inviting
from domain.accounts.resetting import PasswordResets
from domain.connections.letting_go import LettingGo
from domain.salesflows.offboarding import Offboarding


class PeopleServices(AccessServices):
    """A part of the container."""

    @cached_property
    def link_tokens(self) -> SealedLinkTokens:
        return SealedLinkTokens(self.keys)

    @cached_property
    def user_administration(self) -> UserAdministration:
        return UserAdministration(units=self.units, gate=self.gate, clock=self.clock)

    @cached_property
    def inviting(self) -> Inviting:
        return Inviting(
            units=self.units,
            gate=self.gate,
            passwords=self.passwords,
            links=self.link_tokens,
            signing_in=self.signing_in,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def password_resets(self) -> PasswordResets:
        throttle = ResetThrottle(self.settings.redis_url)
        self.resources.push_async_callback(throttle.close)
        return PasswordResets(
            units=self.units,
            asks=self.units,
            gate=self.gate,
            reset_gate=PostgresResetGate(self.database),
            passwords=self.passwords,
            links=self.link_tokens,
            throttle=throttle,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def offboarding(self) -> Offboarding:
        letting_go = LettingGo(self.keys, self.clock, self.ids)
        return Offboarding(units=self.units, gate=self.gate, letting_go=letting_go, clock=self.clock)
