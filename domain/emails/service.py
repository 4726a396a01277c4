"""Emails as the people of the organization see them."""

from domain.emails.model import EmailRecord
from domain.emails.ports import EmailsUnit
from domain.shared.errors import NotFound
from domain.shared.ids import EmailId
from domain.shared.principal import Principal
from domain.shared.units import Units


class Emails:
    """Reading single emails."""

    def __init__(self, units: Units[EmailsUnit]) -> None:
        self._units = units

    async def get(self, principal: Principal, email_id: EmailId) -> EmailRecord:
        """The email as it was written, and what became of it. Contributors see their own. Raises NotFound."""
        principal.require("emails:read")
        async with self._units.of(principal.organization_id) as unit:
            record = await unit.emails.record(email_id)
        if not principal.is_administrator and record.user_id != principal.user_id:
            raise NotFound("email")
        return record
