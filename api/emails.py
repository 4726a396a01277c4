"""Emails that were written to contacts."""

from datetime import datetime
from uuid import UUID

from fastapi import Depends
from pydantic import Field

from api.dependencies import CurrentPrincipal, Services, requires
from api.idempotency import router_for
from api.models import Answer, Body
from api.problems import documented
from domain.emails.model import EmailRecord, EmailState, Settlement
from domain.shared.ids import EmailId

router = router_for("emails")

READ = [Depends(requires("emails:read"))]
WRITE = [Depends(requires("emails:write"))]


class EmailAnswer(Answer):
    """An email as it was written, without the tracking in it. `opens` and `clicks` are people's, not machines'."""

    id: UUID
    state: EmailState
    subject: str | None
    html: str | None
    text: str | None
    from_: str | None = Field(serialization_alias="from")
    to: str | None
    sent_at: datetime | None
    contact_id: UUID
    opens: int
    clicks: int
    error: str | None


class EmailSettlement(Body):
    """What a person found in the mailbox."""

    outcome: Settlement


@router.get("/emails/{email_id}", summary="Get an email", dependencies=READ, responses=documented(404))
async def get_email(email_id: UUID, principal: CurrentPrincipal, services: Services) -> EmailAnswer:
    """Contributors see the emails that left in their name, Administrators all."""
    return _answer(await services.emails.get(principal, EmailId(email_id)))


@router.post(
    "/emails/{email_id}/settlement",
    summary="Say whether an email was sent",
    dependencies=WRITE,
    responses=documented(404, 409),
)
async def settle_email(
    email_id: UUID, body: EmailSettlement, principal: CurrentPrincipal, services: Services
) -> EmailAnswer:
    """For an email in the state `needs_human`: the provider could not tell whether it has left, so its sender or an
    Administrator looks into the mailbox. `sent`: it counts as sent now, and its Salesflow goes on. `not_sent`: it has
    failed and is not sent again. In any other state: 409 `not_allowed_in_state`."""
    return _answer(await services.emails.settle(principal, EmailId(email_id), body.outcome))


def _answer(email: EmailRecord) -> EmailAnswer:
    return EmailAnswer(
        id=email.id,
        state=email.state,
        subject=email.subject,
        html=email.html,
        text=email.text,
        from_=email.from_address,
        to=email.to_address,
        sent_at=email.sent_at,
        contact_id=email.contact_id,
        opens=email.opens,
        clicks=email.clicks,
        error=email.error,
    )
