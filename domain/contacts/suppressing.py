"""The suppression list: whom nobody writes to or calls, by address, domain or phone, whatever becomes of the contacts.

What stands on it is kept as a keyed hash, which tells nobody whose address it is. What a person asked for stays.
"""

from typing import Protocol

from domain.accounts.audit import Act, Action, AuditedUnit, Target, record
from domain.accounts.model import email_key
from domain.accounts.profile import email_address
from domain.accounts.public_holidays import country_of_culture
from domain.contacts.phones import phone_number
from domain.contacts.ports import Suppressions
from domain.contacts.suppression import Suppression, SuppressionKind
from domain.shared.clock import Clock
from domain.shared.errors import InvalidField, NotAllowedInState
from domain.shared.ids import SuppressionId
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal
from domain.shared.units import Units

LONGEST_REASON = 255


class SuppressionLedger(Suppressions, Protocol):
    """The entries of the unit's organization."""

    async def find(self, kind: SuppressionKind, value: str) -> Suppression | None: ...

    async def get(self, suppression_id: SuppressionId) -> Suppression:
        """Raises NotFound."""
        ...

    async def page(self, kind: SuppressionKind | None, page: PageRequest) -> Page[Suppression]:
        """Newest first. Raises InvalidCursor."""
        ...

    async def remove(self, suppression_id: SuppressionId) -> None: ...


class SuppressingUnit(AuditedUnit, Protocol):
    """A transaction of one organization, as the suppression list sees it."""

    @property
    def suppressions(self) -> SuppressionLedger: ...


class SuppressionList:
    """For Administrators."""

    def __init__(self, *, units: Units[SuppressingUnit], clock: Clock) -> None:
        self._units = units
        self._clock = clock

    async def page(self, principal: Principal, kind: SuppressionKind | None, page: PageRequest) -> Page[Suppression]:
        """Newest first. Raises Forbidden, InvalidCursor."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            return await unit.suppressions.page(kind, page)

    async def add(self, principal: Principal, kind: SuppressionKind, value: str, reason: str) -> Suppression:
        """In force at once, for every user and Salesflow. May be repeated: the first entry stays as it is.

        Raises Forbidden, InvalidField.
        """
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            kept = await self._read(unit, principal, kind, value)
            before = await unit.suppressions.find(kind, kept)
            if before:
                return before
            await unit.suppressions.put(kind, [kept], reason, self._clock.now(), principal.user_id)
            added = await unit.suppressions.find(kind, kept)
            assert added is not None
            await record(unit, principal, _act(Action.SUPPRESSION_ADDED, added), self._clock.system())
            return added

    async def check(self, principal: Principal, kind: SuppressionKind, value: str) -> Suppression | None:
        """The entry that keeps this address, domain or phone from being used; of an address also that of its domain.

        Raises Forbidden, InvalidField.
        """
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            kept = await self._read(unit, principal, kind, value)
            found = await unit.suppressions.find(kind, kept)
            if found is None and kind is SuppressionKind.EMAIL:
                return await unit.suppressions.find(SuppressionKind.DOMAIN, kept.rpartition("@")[2])
            return found

    async def remove(self, principal: Principal, suppression_id: SuppressionId) -> None:
        """Raises Forbidden, NotFound, NotAllowedInState for what the person asked for."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            found = await unit.suppressions.get(suppression_id)
            if found.by_person:
                raise NotAllowedInState("The person asked for this, so it stays.", "suppressed_by_person")
            await unit.suppressions.remove(suppression_id)
            await record(unit, principal, _act(Action.SUPPRESSION_REMOVED, found), self._clock.system())

    async def _read(self, unit: SuppressingUnit, principal: Principal, kind: SuppressionKind, value: str) -> str:
        """In the one form in which it is compared. Raises InvalidField."""
        match kind:
            case SuppressionKind.EMAIL:
                return email_key(email_address("/value", value.strip()))
            case SuppressionKind.DOMAIN:
                return _domain(value)
            case SuppressionKind.PHONE:
                culture = (await unit.users.get(principal.user_id)).culture
                return phone_number("/value", value.strip(), country_of_culture(culture))


def _domain(given: str) -> str:
    """Of `@contoso.com` as of `Contoso.com`. Raises InvalidField."""
    try:
        return email_key(email_address("/value", f"a@{given.strip().removeprefix('@')}")).rpartition("@")[2]
    except InvalidField:
        raise InvalidField("/value", "invalid_domain", "Give a domain, like example.com.") from None


def _act(action: Action, entry: Suppression) -> Act:
    """An address or a phone is on record by its entry alone."""
    told: dict[str, str | int | bool | None] = {"kind": entry.kind.value}
    return Act(action, Target("suppression", entry.id, entry.domain or entry.kind.value), told)
