"""What an import did to people, taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.activities.model import Activity, ActivityType
from domain.background.model import BackgroundJob, Document
from domain.contacts.imports.merging import Met, restored
from domain.contacts.imports.model import ContactImport
from domain.contacts.imports.ports import ImportUnit
from domain.contacts.imports.telling import tell_salesflows, tell_statuses
from domain.contacts.model import Contact
from domain.shared.ids import ContactId, ContactListId, UserId

TAKEN_BACK_AT_ONCE = 2_000


async def taken_back(
    unit: ImportUnit, job: BackgroundJob, import_: ContactImport, met: Sequence[Met], now: datetime
) -> Document:
    """How many were removed and restored, and how many were changed since, so that not all of it went."""
    created = [one.contact_id for one in met if one.is_new]
    changed = [one for one in met if one.before or one.after]
    removed = await _removed(unit, job, import_, created, now)
    back = await _restored(unit, job, changed, now)
    listed = [one.contact_id for one in met if one.listed]
    if listed and import_.options and import_.options.list_id:
        await unit.contact_lists.take_members(ContactListId(import_.options.list_id), listed)
    await unit.contact_imports.forget_met(import_.id, [one.contact_id for one in met])
    return {"removed": removed, "restored": back, "kept": len(created) - removed + len(changed) - back}


async def _removed(
    unit: ImportUnit, job: BackgroundJob, import_: ContactImport, created: Sequence[ContactId], now: datetime
) -> int:
    going = sorted(await unit.contact_imports.untouched(import_.id, created)) if created else []
    await unit.bulk_contacts.remove(going, now)
    await unit.activities.append(Activity(ActivityType.CONTACT_DELETED, now, one, job.user_id) for one in going)
    return len(going)


async def _restored(unit: ImportUnit, job: BackgroundJob, met: Sequence[Met], now: datetime) -> int:
    ids = [one.contact_id for one in met]
    await unit.bulk_contacts.hold(ids)
    there = await unit.contacts.many(ids)
    statuses = {status.id: status for status in await unit.statuses.all()}
    owners = {UserId(UUID(str(one.before["owner_id"]))) for one in met if one.before.get("owner_id")}
    users = await unit.users.many(owners) if owners else {}
    back: list[tuple[Contact, Contact]] = []
    for one in met:
        before = there.get(one.contact_id)
        after = restored(before, one, statuses, users) if before else None
        if before and after and after != before:
            back.append((before, replace(after, updated_at=now)))
    running = await unit.imported_people.restore(back)
    await tell_statuses(unit, back, job.user_id)
    await tell_salesflows(unit, job, running)
    return len(back)
