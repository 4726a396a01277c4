"""The acts on many contacts: status, owner, lists, deletion."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.activities.model import Activity, ActivityType
from domain.background.model import Changes, Document
from domain.contacts.bulk import Doing, Outcome
from domain.contacts.bulk_ports import BulkContactsUnit, Held
from domain.contacts.model import ContactStatus, ContactStatusId
from domain.shared.errors import FieldError, InvalidField, NotFound, Rejected
from domain.shared.ids import ContactId, ContactListId, UserId
from domain.shared.jobs import Job
from domain.shared.principal import Principal

# A bell for the Salesflows, with the payload {"contact_ids": "…,…"}.
CONTACTS_DELETED = "salesflows.contacts_deleted"
NOT_FOUND = "not_found"
# Neither the owner nor an Administrator.
NOT_ALLOWED = "not_allowed"
DELETED_IN_A_JOB = 200


@dataclass(frozen=True, slots=True)
class SetStatus:
    """`status`, by its label."""

    kind = "set_status"
    at_once = 2_500

    async def checked(self, unit: BulkContactsUnit, principal: Principal, asked: Document) -> Document:
        for status in await unit.statuses.all():
            if status.label == asked["status"]:
                return {"status_id": str(status.id)}
        raise InvalidField("/action/status", "unknown_status", "Choose one of the contact statuses.")

    async def do(self, unit: BulkContactsUnit, doing: Doing, contact_ids: Sequence[ContactId]) -> Outcome:
        statuses = await _statuses(unit)
        wanted = ContactStatusId(UUID(doing.asked["status_id"]))
        if wanted not in statuses:
            raise NotFound("status")
        held = await unit.bulk_contacts.hold(contact_ids)
        changing = [one for one in held if one.status_id != wanted]
        await unit.bulk_contacts.put_statuses({one.id: wanted for one in changing}, doing.at)
        before = {one.id: one.status_id for one in changing}
        await _note_statuses(unit, doing, before, dict.fromkeys(before, wanted), statuses)
        return Outcome(before, _missing(contact_ids, held))

    async def take_back(self, unit: BulkContactsUnit, doing: Doing, changes: Changes) -> Collection[ContactId]:
        """Where the status is still the one that was set, and the former one still exists."""
        statuses = await _statuses(unit)
        put = ContactStatusId(UUID(doing.asked["status_id"]))
        formers = {one.id: changes.kept[one.id] for one in await _held(unit, changes) if one.status_id == put}
        back = {key: ContactStatusId(former) for key, former in formers.items() if former in statuses}
        await unit.bulk_contacts.put_statuses(back, doing.at)
        await _note_statuses(unit, doing, dict.fromkeys(back, put), back, statuses)
        return back.keys()


@dataclass(frozen=True, slots=True)
class SetOwner:
    """`owner_id`, or none."""

    kind = "set_owner"
    at_once = 2_500

    async def checked(self, unit: BulkContactsUnit, principal: Principal, asked: Document) -> Document:
        owner_id = asked["owner_id"]
        if owner_id is not None and owner_id not in await unit.users.many([owner_id]):
            raise InvalidField("/action/owner_id", "unknown_user", "Choose a user of the organization.")
        return {"owner_id": str(owner_id) if owner_id else None}

    async def do(self, unit: BulkContactsUnit, doing: Doing, contact_ids: Sequence[ContactId]) -> Outcome:
        wanted = _owner(doing)
        held = await unit.bulk_contacts.hold(contact_ids)
        changing = [one for one in held if one.owner_id != wanted]
        await unit.bulk_contacts.put_owners(dict.fromkeys((one.id for one in changing), wanted), doing.at)
        return Outcome({one.id: one.owner_id for one in changing}, _missing(contact_ids, held))

    async def take_back(self, unit: BulkContactsUnit, doing: Doing, changes: Changes) -> Collection[ContactId]:
        """Where the owner is still the one that was set."""
        put = _owner(doing)
        formers = {one.id: changes.kept[one.id] for one in await _held(unit, changes) if one.owner_id == put}
        back = {key: UserId(former) if former else None for key, former in formers.items()}
        await unit.bulk_contacts.put_owners(back, doing.at)
        return back.keys()


@dataclass(frozen=True, slots=True)
class AddToList:
    """`list_id`, a static list."""

    kind = "add_to_list"
    at_once = 2_500

    async def checked(self, unit: BulkContactsUnit, principal: Principal, asked: Document) -> Document:
        return await _static_list(unit, asked)

    async def do(self, unit: BulkContactsUnit, doing: Doing, contact_ids: Sequence[ContactId]) -> Outcome:
        list_id = await _list_id(unit, doing)
        there = await unit.bulk_contacts.present(contact_ids)
        put = await unit.contact_lists.put_members(list_id, there, doing.at)
        return Outcome(dict.fromkeys(sorted(put)), _missing(contact_ids, there))

    async def take_back(self, unit: BulkContactsUnit, doing: Doing, changes: Changes) -> Collection[ContactId]:
        """Who still stands on it."""
        list_id = ContactListId(UUID(doing.asked["list_id"]))
        return await unit.contact_lists.take_members(list_id, list(changes.kept))


@dataclass(frozen=True, slots=True)
class RemoveFromList:
    """`list_id`, a static list."""

    kind = "remove_from_list"
    at_once = 2_500

    async def checked(self, unit: BulkContactsUnit, principal: Principal, asked: Document) -> Document:
        return await _static_list(unit, asked)

    async def do(self, unit: BulkContactsUnit, doing: Doing, contact_ids: Sequence[ContactId]) -> Outcome:
        list_id = await _list_id(unit, doing)
        there = await unit.bulk_contacts.present(contact_ids)
        taken = await unit.contact_lists.take_members(list_id, there)
        return Outcome(dict.fromkeys(sorted(taken)), _missing(contact_ids, there))

    async def take_back(self, unit: BulkContactsUnit, doing: Doing, changes: Changes) -> Collection[ContactId]:
        """Who exists and was not put there again, on a list that exists."""
        found = await unit.contact_lists.find(ContactListId(UUID(doing.asked["list_id"])))
        return await unit.contact_lists.put_members(found.id, list(changes.kept), doing.at) if found else ()


@dataclass(frozen=True, slots=True)
class Delete:
    """By the rule for one: owners delete their own contacts, Administrators all."""

    kind = "delete"
    at_once = 2_000

    async def checked(self, unit: BulkContactsUnit, principal: Principal, asked: Document) -> Document:
        return {}

    async def do(self, unit: BulkContactsUnit, doing: Doing, contact_ids: Sequence[ContactId]) -> Outcome:
        held = await unit.bulk_contacts.hold(contact_ids)
        going = [one.id for one in held if doing.principal.is_administrator or one.owner_id == doing.principal.user_id]
        in_salesflows = await unit.bulk_contacts.remove(going, doing.at)
        if going:
            deleted = Activity(ActivityType.CONTACT_DELETED, doing.at, going[0], doing.principal.user_id)
            await unit.activities.append_alike(deleted, going)
        await unit.jobs.put(*_deleted(doing, in_salesflows))
        left_out = {**_missing(contact_ids, held), NOT_ALLOWED: len(held) - len(going)}
        return Outcome(dict.fromkeys(going), +Counter(left_out))

    async def take_back(self, unit: BulkContactsUnit, doing: Doing, changes: Changes) -> Collection[ContactId]:
        """Who is still deleted, and whose address nobody has by now. What ended with them does not begin anew."""
        return await unit.bulk_contacts.restore(list(changes.kept), changes.at, doing.at)


async def _statuses(unit: BulkContactsUnit) -> dict[UUID, ContactStatus]:
    return {status.id: status for status in await unit.statuses.all()}


async def _note_statuses(
    unit: BulkContactsUnit,
    doing: Doing,
    before: Mapping[ContactId, ContactStatusId],
    after: Mapping[ContactId, ContactStatusId],
    statuses: Mapping[UUID, ContactStatus],
) -> None:
    """In the history of each contact, as a change by hand."""
    alike: defaultdict[tuple[UUID, UUID], list[ContactId]] = defaultdict(list)
    for contact_id, status_id in before.items():
        alike[status_id, after[contact_id]].append(contact_id)
    for (former, now), contact_ids in alike.items():
        changed = Activity(
            type=ActivityType.CONTACT_STATUS_CHANGED,
            at=doing.at,
            contact_id=contact_ids[0],
            user_id=doing.principal.user_id,
            detail={"from": statuses[former].label, "to": statuses[now].label},
        )
        await unit.activities.append_alike(changed, contact_ids)


def _owner(doing: Doing) -> UserId | None:
    named = doing.asked["owner_id"]
    return UserId(UUID(named)) if named else None


async def _static_list(unit: BulkContactsUnit, asked: Document) -> Document:
    found = await unit.contact_lists.find(asked["list_id"])
    if found is None:
        raise Rejected([FieldError("/action/list_id", "unknown_list", "Choose a list of the organization.")])
    found.require_static()
    return {"list_id": str(found.id)}


async def _list_id(unit: BulkContactsUnit, doing: Doing) -> ContactListId:
    """Raises NotFound for a list that was deleted since."""
    return (await unit.contact_lists.get(ContactListId(UUID(doing.asked["list_id"])))).id


async def _held(unit: BulkContactsUnit, changes: Changes) -> Sequence[Held]:
    return await unit.bulk_contacts.hold(list(changes.kept))


def _missing(contact_ids: Sequence[ContactId], held: Sequence[Held | ContactId]) -> dict[str, int]:
    missing = len(contact_ids) - len(held)
    return {NOT_FOUND: missing} if missing else {}


def _deleted(doing: Doing, contact_ids: Sequence[ContactId]) -> list[Job]:
    """Bells for the Salesflows that they are in."""
    batches = [contact_ids[first : first + DELETED_IN_A_JOB] for first in range(0, len(contact_ids), DELETED_IN_A_JOB)]
    return [
        Job(CONTACTS_DELETED, doing.principal.organization_id, {"contact_ids": ",".join(map(str, batch))})
        for batch in batches
    ]
