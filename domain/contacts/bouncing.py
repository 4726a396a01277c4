"""A hard bounce: the address does not exist, so nothing is sent to it until somebody corrects it."""

from dataclasses import replace

from domain.accounts.model import email_key
from domain.contacts.model import EmailState
from domain.contacts.ports import OptOutUnit
from domain.shared.errors import NotFound
from domain.shared.ids import ContactId


async def mark_bounced(unit: OptOutUnit, contact_id: ContactId, address: str) -> bool:
    """Marks the contact if `address` is still its own: a corrected one has not bounced. True when that is news.

    The caller appends the activity, as it knows the email and the reason, and stops the enrollments after this.
    """
    try:
        contact = await unit.contacts.lock_current(contact_id)
    except NotFound:
        return False
    if contact.email_key != email_key(address) or contact.email_state is EmailState.BOUNCED:
        return False
    await unit.contacts.save(replace(contact, email_state=EmailState.BOUNCED))
    return True
