"""An opt-out: at once in force for every user and Salesflow, and for good, whatever becomes of the contact."""

from dataclasses import replace
from datetime import datetime

from domain.accounts.model import email_key
from domain.activities.model import Activity, ActivityType
from domain.contacts.ports import OptOutUnit
from domain.shared.errors import NotFound
from domain.shared.ids import ContactId, EmailId, SalesflowId, UserId

OPTED_OUT = "opted_out"


async def opt_out(
    unit: OptOutUnit,
    contact_id: ContactId,
    at: datetime,
    *,
    address: str | None = None,
    email_id: EmailId | None = None,
    salesflow_id: SalesflowId | None = None,
    user_id: UserId | None = None,
) -> bool:
    """Marks the contact, suppresses its address and the one that was written to, and says so in the timeline.

    True when that is news. A contact that was deleted meanwhile has its address suppressed all the same. The caller
    stops the enrollments in the same transaction, after this: everybody locks contacts first, enrollments second.
    """
    try:
        contact = await unit.contacts.lock_current(contact_id)
    except NotFound:
        await _suppress(unit, address, None, at)
        return False
    await _suppress(unit, address, contact.email, at)
    if contact.opted_out:
        return False
    await unit.contacts.save(replace(contact, opted_out_at=at))
    await unit.activities.append(
        [
            Activity(
                type=ActivityType.CONTACT_UNSUBSCRIBED,
                at=at,
                contact_id=contact.id,
                user_id=user_id,
                salesflow_id=salesflow_id,
                email_id=email_id,
            )
        ]
    )
    return True


async def _suppress(unit: OptOutUnit, written_to: str | None, current: str | None, at: datetime) -> None:
    addresses = {email_key(address) for address in (written_to, current) if address}
    await unit.suppressions.add(addresses, OPTED_OUT, at)
