"""How much the own mailbox may send."""

from typing import Protocol

from domain.connections.model import Mailbox
from domain.connections.ports import MailboxStore
from domain.shared.errors import NotConnected
from domain.shared.principal import Principal
from domain.shared.units import Units


class MailboxUnit(Protocol):
    """A transaction of one organization, as limits see it."""

    @property
    def mailboxes(self) -> MailboxStore: ...


class MailboxLimits:
    """The use cases; sending follows new limits with its next look at the mailbox."""

    def __init__(self, *, units: Units[MailboxUnit]) -> None:
        self._units = units

    async def own(self, principal: Principal) -> Mailbox:
        """The own mailbox. Raises NotConnected."""
        async with self._units.of(principal.organization_id) as unit:
            return await _own(unit, principal)

    async def limit(self, principal: Principal, per_day: int | None, per_minute: int | None) -> Mailbox:
        """Sets what is given. Raises NotConnected."""
        async with self._units.of(principal.organization_id) as unit:
            mailbox = await _own(unit, principal)
            per_day, per_minute = per_day or mailbox.per_day, per_minute or mailbox.per_minute
            return await unit.mailboxes.limit(mailbox.id, per_day, per_minute)


async def _own(unit: MailboxUnit, principal: Principal) -> Mailbox:
    mailbox = await unit.mailboxes.of_user(principal.user_id)
    if mailbox is None:
        raise NotConnected("Connect a mailbox first.", "mailbox")
    return mailbox
