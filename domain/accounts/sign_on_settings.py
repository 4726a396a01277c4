"""Which identity provider an organization's people sign in through."""

from dataclasses import replace
from typing import Any

from domain.accounts.access_ports import Vault
from domain.accounts.audit import Act, Action, record
from domain.accounts.freshness import require_fresh
from domain.accounts.identities import IdentityProvider, SignOnUnit
from domain.accounts.profile import required_text
from domain.providers.identity import IdentityProviders
from domain.shared.clock import Clock
from domain.shared.errors import InvalidField, NotFound, ProviderError
from domain.shared.ids import Ids
from domain.shared.principal import Principal
from domain.shared.units import Units


class SignOnSettings:
    """For Administrators."""

    def __init__(
        self, units: Units[SignOnUnit], identities: IdentityProviders, vault: Vault, clock: Clock, ids: Ids
    ) -> None:
        self._units = units
        self._identities = identities
        self._vault = vault
        self._clock = clock
        self._ids = ids

    async def get(self, principal: Principal) -> IdentityProvider | None:
        """None while there is none. Raises Forbidden."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            return await unit.identities.provider()

    async def put(
        self,
        principal: Principal,
        issuer: str,
        client_id: str,
        client_secret: str | None,
        *,
        enabled: bool,
        trust_email: bool,
    ) -> IdentityProvider:
        """The provider is asked whether it is one. Without a secret the one before stays, for the same client alone.

        `trust_email`: see `vouched_address`. Raises Forbidden, ConfirmationRequired, Rejected.
        """
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            await require_fresh(unit, principal, self._clock.system())
            known = await unit.identities.provider()
        issuer, client_id = issuer.strip(), required_text("/client_id", client_id)
        try:
            await self._identities.check(issuer)
        except ProviderError as failure:
            raise InvalidField("/issuer", "unusable_issuer", failure.message) from failure
        same = known is not None and (known.issuer, known.client_id) == (issuer, client_id)
        if not client_secret and not same:
            raise InvalidField("/client_secret", "required", "Give the secret of this client.")
        now = self._clock.system()
        if known is None:
            known = IdentityProvider(self._ids.new(), issuer, client_id, b"", enabled, trust_email, now, now)
        changes: dict[str, Any] = {"issuer": issuer, "enabled": enabled, "trust_email": trust_email}
        provider = replace(known, client_id=client_id, updated_at=now, **changes)
        if client_secret:
            provider = replace(provider, client_secret=self._sealed(principal, provider, client_secret))
        async with self._units.of(principal.organization_id) as unit:
            await unit.identities.put_provider(provider)
            await record(unit, principal, Act(Action.SSO_CHANGED, detail=changes), now)
        return provider

    async def remove(self, principal: Principal) -> None:
        """People sign in with what else they have; who is who there is forgotten.

        Raises NotFound, Forbidden, ConfirmationRequired.
        """
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            await require_fresh(unit, principal, self._clock.system())
            known = await unit.identities.provider()
            if known is None:
                raise NotFound("single sign-on")
            await unit.identities.remove_provider()
            act = Act(Action.SSO_CHANGED, detail={"issuer": known.issuer, "removed": True})
            await record(unit, principal, act, self._clock.system())

    def _sealed(self, principal: Principal, provider: IdentityProvider, secret: str) -> bytes:
        return self._vault.seal(
            secret.encode(),
            organization_id=principal.organization_id,
            table="identity_providers",
            row=provider.id,
            field="client_secret",
        )
