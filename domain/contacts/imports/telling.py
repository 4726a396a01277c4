"""Tells others what imports have changed, as a change by hand does."""

from collections.abc import Iterable, Sequence

from domain.activities.model import Activity, ActivityType
from domain.background.model import BackgroundJob
from domain.contacts.imports.ports import ImportUnit
from domain.contacts.model import Contact
from domain.shared.ids import ContactId, UserId
from domain.shared.jobs import Job

# A bell for the Salesflows, with the payload {"contact_ids": "…,…"}.
CONTACTS_CHANGED = "salesflows.contacts_changed"
CHANGED_IN_A_JOB = 200


async def tell_statuses(unit: ImportUnit, changed: Iterable[tuple[Contact, Contact]], by: UserId | None) -> None:
    """In the timelines of those whose status is another one now."""
    await unit.activities.append(
        Activity(
            type=ActivityType.CONTACT_STATUS_CHANGED,
            at=after.updated_at,
            contact_id=after.id,
            user_id=by,
            detail={"from": before.status, "to": after.status},
        )
        for before, after in changed
        if before.status_id != after.status_id
    )


async def tell_salesflows(unit: ImportUnit, job: BackgroundJob, contact_ids: Sequence[ContactId]) -> None:
    """Emails may have waited for what is there now."""
    for first in range(0, len(contact_ids), CHANGED_IN_A_JOB):
        named = ",".join(str(one) for one in contact_ids[first : first + CHANGED_IN_A_JOB])
        await unit.jobs.put(Job(CONTACTS_CHANGED, job.organization_id, {"contact_ids": named}))
