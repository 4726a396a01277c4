"""Leaving by the link in an email: shown by GET, done by POST, in force before the answer."""

from domain.contacts.opting_out import opt_out
from domain.emails.model import EmailMark
from domain.emails.ports import EmailsUnit, PublicLinks, Reactions
from domain.emails.tracking import TokenSigner
from domain.shared.clock import Clock
from domain.shared.errors import NotFound
from domain.shared.ids import EmailId, OrganizationId
from domain.shared.units import Units, repeated


class Unsubscribing:
    """For whoever has the link: no sign-in, no expiry."""

    def __init__(
        self, units: Units[EmailsUnit], links: PublicLinks, reactions: Reactions, signer: TokenSigner, clock: Clock
    ) -> None:
        self._units = units
        self._links = links
        self._reactions = reactions
        self._signer = signer
        self._clock = clock

    def check(self, token: str) -> None:
        """Changes nothing: scanners fetch every link. Raises NotFound for a token that we did not sign."""
        self._read(token)

    async def leave(self, token: str) -> None:
        """The recipient gets no more email from this organization. May be repeated. Raises NotFound as `check`."""
        email_id = self._read(token)
        organization_id = await self._links.organization_of(email_id)
        if organization_id:
            # A stranger asks once: what another transaction undid is done again here.
            await repeated(lambda: self._leave(organization_id, email_id))

    async def _leave(self, organization_id: OrganizationId, email_id: EmailId) -> None:
        now = self._clock.now()
        async with self._units.of(organization_id) as unit:
            # Not locked: everybody locks contacts and enrollments first and emails last.
            email = await unit.emails.get(email_id)
            await opt_out(
                unit,
                email.contact_id,
                now,
                address=email.to_address,
                email_id=email.id,
                salesflow_id=email.salesflow_id,
                user_id=email.user_id,
            )
            await self._reactions.opted_out(unit, email.contact_id, now, email)
            await unit.emails.mark(email.id, EmailMark.UNSUBSCRIBED, now)

    def _read(self, token: str) -> EmailId:
        email_id = self._signer.read_unsubscribe(token)
        if email_id is None:
            raise NotFound("address")
        return EmailId(email_id)
