"""The organization's own settings: its name and address, and what it demands of its users' sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.accounts.access_ports import SignInUnit
from domain.accounts.audit import Act, Action, record
from domain.accounts.freshness import require_fresh
from domain.accounts.model import Organization, SignInPolicy
from domain.accounts.ports import Gate
from domain.accounts.profile import required_text
from domain.shared.clock import Clock
from domain.shared.errors import FieldError, InvalidField, Rejected
from domain.shared.principal import Principal
from domain.shared.units import Units

IDLE_MINUTES = range(5, 43_200 + 1)
DAYS = range(1, 365 + 1)
LONGEST_ADDRESS = 500
POLICY = ("require_second_factor", "session_idle_minutes", "session_days")


@dataclass(frozen=True, slots=True)
class Standing:
    """The organization, and how many of those who can sign in have no second factor."""

    organization: Organization
    users_without_second_factor: int


class OrganizationSettings:
    """For Administrators."""

    def __init__(self, units: Units[SignInUnit], gate: Gate, clock: Clock) -> None:
        self._units = units
        self._gate = gate
        self._clock = clock

    async def get(self, principal: Principal) -> Standing:
        """As it is. Raises Forbidden."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            return await _standing(unit, await unit.organizations.get())

    async def change(self, principal: Principal, changes: Mapping[str, Any]) -> Standing:
        """Changes what is named. A tighter policy shortens open sessions at once; a wider one is for new ones.

        Where a second factor becomes required, sessions without one end when their user has one; who has none is asked
        to set one up before anything else. Raises Forbidden, ConfirmationRequired when the policy changes, Rejected,
        VersionMismatch.
        """
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            before = await unit.organizations.get()
            after = changed(before, changes)
            names = [name for name in changes if _value(before, name) != _value(after, name)]
            if not names:
                return await _standing(unit, before)
            of_policy = not set(names).isdisjoint(POLICY)
            if of_policy:
                await require_fresh(unit, principal, self._clock.system())
            after = await unit.organizations.save(after)
            if of_policy:
                await unit.sessions.tighten(after.policy)
            if "require_second_factor" in names and after.policy.require_second_factor:
                await unit.sessions.end_unproven()
            act = Act(Action.SETTINGS_CHANGED, detail={"fields": ", ".join(sorted(names))})
            await record(unit, principal, act, self._clock.system())
            standing = await _standing(unit, after)
        self._gate.forget_all()
        return standing


async def _standing(unit: SignInUnit, organization: Organization) -> Standing:
    return Standing(organization, await unit.users.without_second_factor())


def changed(organization: Organization, changes: Mapping[str, Any]) -> Organization:
    """The organization with these fields changed. Raises Rejected."""
    kept = dict(changes)
    if "name" in kept:
        kept["name"] = required_text("/name", kept["name"])
    if "postal_address" in kept:
        kept["postal_address"] = _postal_address(kept["postal_address"])
    policy = {name: kept.pop(name) for name in POLICY if name in kept}
    _check("/session_idle_minutes", policy.get("session_idle_minutes"), IDLE_MINUTES)
    _check("/session_days", policy.get("session_days"), DAYS)
    unclear = [FieldError(f"/{name}", "required", "This must not be empty.") for name, v in policy.items() if v is None]
    if unclear:
        raise Rejected(unclear)
    new_policy: SignInPolicy = replace(organization.policy, **policy)
    return replace(organization, **kept, policy=new_policy)


def _check(pointer: str, value: int | None, allowed: range) -> None:
    least, most = allowed[0], allowed[-1]
    if value is not None and value not in allowed:
        raise InvalidField(pointer, "out_of_range", f"This is from {least} to {most}.", minimum=least, maximum=most)


def _postal_address(given: str | None) -> str:
    lines = [line.strip() for line in (given or "").splitlines()]
    text = "\n".join(line for line in lines if line)
    if len(text) > LONGEST_ADDRESS:
        raise InvalidField(
            "/postal_address", "too_long", f"This has at most {LONGEST_ADDRESS} characters.", maximum=LONGEST_ADDRESS
        )
    if not all(line.isprintable() for line in lines):
        raise InvalidField("/postal_address", "invalid_text", "This must be plain text.")
    return text


def _value(organization: Organization, name: str) -> object:
    return getattr(organization.policy if name in POLICY else organization, name)
