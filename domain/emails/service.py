"""Emails as the people of the organization see them."""

from domain.emails.model import EmailRecord, EmailState, Settlement
from domain.emails.ports import EmailsUnit, Reactions
from domain.emails.recording import record_said_sent, record_said_unsent
from domain.shared.clock import Clock
from domain.shared.errors import NotAllowedInState, NotFound
from domain.shared.ids import EmailId
from domain.shared.principal import Principal
from domain.shared.units import Units


class Emails:
    """Reading single emails, and a person's word about those whose fate the provider could not tell."""

    def __init__(self, units: Units[EmailsUnit], reactions: Reactions, clock: Clock) -> None:
        self._units = units
        self._reactions = reactions
        self._clock = clock

    async def get(self, principal: Principal, email_id: EmailId) -> EmailRecord:
        """The email as it was written, and what became of it. Contributors see their own. Raises NotFound."""
        principal.require("emails:read")
        async with self._units.of(principal.organization_id) as unit:
            return _visible(principal, await unit.emails.record(email_id))

    async def settle(self, principal: Principal, email_id: EmailId, found: Settlement) -> EmailRecord:
        """Ends the wait of an email that needs a human: it is sent from now on, or has failed for good.

        Raises NotFound, and NotAllowedInState for an email that needs nobody.
        """
        principal.require("emails:write")
        now = self._clock.now()
        record = record_said_sent if found is Settlement.SENT else record_said_unsent
        async with self._units.of(principal.organization_id) as unit:
            _visible(principal, await unit.emails.record(email_id))
            email = await unit.emails.get(email_id)
            await self._reactions.hold(unit, [email])
            if email.state is not EmailState.NEEDS_HUMAN or not await record(unit, self._reactions, email, now):
                raise NotAllowedInState("Only an email that needs a human can be settled by one.", "needs_no_human")
            return await unit.emails.record(email_id)


def _visible(principal: Principal, record: EmailRecord) -> EmailRecord:
    """Raises NotFound for another user's email, except to Administrators."""
    if not principal.is_administrator and record.user_id != principal.user_id:
        raise NotFound("email")
    return record
