"""What people do with contacts."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime

from domain.accounts.public_holidays import country_of_culture
from domain.activities.model import Activity, ActivityType, TimelineEntry, TimelineKind
from domain.contacts.consent import DO_NOT_CALL, as_called, kept_from_calls, phones_of
from domain.contacts.fields import shapes_of
from domain.contacts.known_fields import KnownField, known_fields
from domain.contacts.model import (
    UNSET,
    Contact,
    ContactChanges,
    ContactFilter,
    ContactSort,
    ContactStatus,
    EmailState,
    NewContact,
)
from domain.contacts.normalisation import has_local_phone, normalised, region
from domain.contacts.own_values import FieldShape, merged_values
from domain.contacts.ports import ContactsUnit, ListedContact, Neighbours
from domain.contacts.suppression import SuppressionKind
from domain.shared.clock import Clock
from domain.shared.errors import AlreadyExists, Forbidden, InvalidField, VersionMismatch
from domain.shared.ids import ContactId, Ids, UserId
from domain.shared.jobs import Job
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal
from domain.shared.units import ReadingUnits

# Bells for the Salesflows, with the payload {"contact_id": …}.
CONTACT_CHANGED = "salesflows.contact_changed"
CONTACT_DELETED = "salesflows.contact_deleted"


class Contacts:
    """Everybody of the organization sees and edits its contacts; deleting is for owners and Administrators."""

    def __init__(self, *, units: ReadingUnits[ContactsUnit], clock: Clock, ids: Ids) -> None:
        self._units = units
        self._clock = clock
        self._ids = ids

    async def page(
        self, principal: Principal, matching: ContactFilter, sort: ContactSort, page: PageRequest
    ) -> Page[ListedContact]:
        """A page of the directory. Raises InvalidCursor, InvalidField."""
        async with self._units.reading(principal.organization_id) as unit:
            return await unit.contacts.page(matching, sort, page)

    async def neighbours(
        self, principal: Principal, contact_id: ContactId, matching: ContactFilter, sort: ContactSort
    ) -> Neighbours:
        """Who comes before and after the contact in the directory. Raises NotFound, InvalidField."""
        async with self._units.reading(principal.organization_id) as unit:
            return await unit.contacts.neighbours(contact_id, matching, sort)

    async def get(self, principal: Principal, contact_id: ContactId) -> Contact:
        """Raises NotFound."""
        async with self._units.of(principal.organization_id) as unit:
            return await unit.contacts.get(contact_id)

    async def timeline(
        self, principal: Principal, contact_id: ContactId, page: PageRequest, kind: TimelineKind | None = None
    ) -> Page[TimelineEntry]:
        """What happened with the contact, or what of a kind, newest first. Raises NotFound, InvalidCursor."""
        async with self._units.of(principal.organization_id) as unit:
            await unit.contacts.get(contact_id)
            return await unit.activities.timeline(contact_id, page, kind)

    async def known_fields(self, principal: Principal) -> Sequence[KnownField]:
        """Everything that can be said about a contact, as the principal reads it."""
        async with self._units.of(principal.organization_id) as unit:
            culture = (await unit.users.get(principal.user_id)).culture
            return known_fields(culture, await unit.statuses.all(), await unit.contact_fields.all())

    async def statuses(self, principal: Principal) -> Sequence[ContactStatus]:
        """The values that a contact's status can have, in their order."""
        async with self._units.of(principal.organization_id) as unit:
            return await unit.statuses.all()

    async def create(self, principal: Principal, new: NewContact) -> Contact:
        """Adds a person. The owner is who adds, unless another is named.

        Raises Rejected; AlreadyExists with the `contact_id` of the one that has the address.
        """
        async with self._units.of(principal.organization_id) as unit:
            [contact] = await self._prepared(unit, principal, [new])
            contact = await kept_from_calls(unit, principal, None, contact, contact.created_at)
            if not await unit.contacts.add([contact]):
                raise await _already_exists(unit, contact.email_key)
            await unit.activities.append([_created(contact, principal.user_id)])
            return contact

    async def create_many(self, principal: Principal, new: Sequence[NewContact]) -> list[Contact]:
        """Adds people in one go and gives those that were added: whose address is known already is left out.

        Raises Rejected when any of them is not valid, and then adds none.
        """
        async with self._units.of(principal.organization_id) as unit:
            contacts = await self._as_called(unit, principal, await self._prepared(unit, principal, new))
            added = await unit.contacts.add(contacts)
            created = [contact for contact in contacts if contact.id in added]
            await unit.activities.append(_created(contact, principal.user_id) for contact in created)
            return created

    async def update(
        self, principal: Principal, contact_id: ContactId, changes: ContactChanges, version: int | None = None
    ) -> Contact:
        """Applies a merge patch, to that version alone if one is given. Nothing new keeps the version.

        Raises NotFound, VersionMismatch, Rejected, AlreadyExists for an address that another contact has, Forbidden for
        whoever would let somebody be called again and is no Administrator.
        """
        async with self._units.of(principal.organization_id) as unit:
            before = await unit.contacts.lock(contact_id)
            if version is not None and version != before.version:
                raise VersionMismatch
            after = await self._changed(unit, principal, before, changes)
            if after == before:
                return before
            if after.email_key and after.email_key != before.email_key and await _is_taken(unit, after):
                raise await _already_exists(unit, after.email_key)
            after = await kept_from_calls(unit, principal, before, after, self._clock.now())
            saved = await unit.contacts.save(replace(after, updated_at=self._clock.now()))
            if after.status_id != before.status_id:
                await unit.activities.append([_status_changed(before, saved, principal.user_id)])
            await unit.jobs.put(_bell(CONTACT_CHANGED, principal, contact_id))
            return saved

    async def delete(self, principal: Principal, contact_id: ContactId) -> None:
        """Removes a contact from every list and ends its Salesflows; what happened stays in the statistics.

        Raises NotFound, Forbidden.
        """
        now = self._clock.now()
        async with self._units.of(principal.organization_id) as unit:
            contact = await unit.contacts.lock(contact_id)
            if not principal.is_administrator and contact.owner_id != principal.user_id:
                raise Forbidden("Only the owner of a contact and Administrators can delete it.", "contact_not_own")
            await unit.contacts.remove(contact_id, now)
            deleted = Activity(ActivityType.CONTACT_DELETED, now, contact_id, principal.user_id)
            await unit.activities.append([deleted])
            await unit.jobs.put(_bell(CONTACT_DELETED, principal, contact_id))

    async def _prepared(self, unit: ContactsUnit, principal: Principal, new: Sequence[NewContact]) -> list[Contact]:
        local = any(has_local_phone(given) for given in new)
        country = await _country(unit, principal) if local else None
        own = await _own_fields(unit, new)
        statuses = await unit.statuses.all()
        named = await unit.users.many({given.owner_id or principal.user_id for given in new})
        names = {user_id: user.name for user_id, user in named.items()}
        now = self._clock.now()
        return [self._contact(principal, normalised(given, country, own), statuses, names, now) for given in new]

    async def _as_called(self, unit: ContactsUnit, principal: Principal, new: Sequence[Contact]) -> list[Contact]:
        now = self._clock.now()
        uncalled = await unit.suppressions.uncalled({phone for one in new for phone in phones_of(one)})
        called = [as_called(None, one, uncalled, now) for one in new]
        listed = {phone for _, phones in called for phone in phones}
        await unit.suppressions.put(SuppressionKind.PHONE, listed, DO_NOT_CALL, now, principal.user_id)
        return [contact for contact, _ in called]

    def _contact(
        self,
        principal: Principal,
        given: NewContact,
        statuses: Sequence[ContactStatus],
        owners: dict[UserId, str],
        now: datetime,
    ) -> Contact:
        status = _status(statuses, given.status)
        owner_id = given.owner_id or principal.user_id
        typed = {field.name: getattr(given, field.name) for field in fields(given)}
        return Contact(
            **{
                **typed,
                "custom": merged_values({}, given.custom),
                "id": ContactId(self._ids.new()),
                "status_id": status.id,
                "status": status.label,
                "owner_id": owner_id,
                "owner_name": _owner_name(owners, owner_id),
                "email_state": EmailState.OK if given.email else EmailState.NONE,
                "created_at": now,
                "updated_at": now,
                "last_activity_at": now,
            }
        )

    async def _changed(
        self, unit: ContactsUnit, principal: Principal, contact: Contact, changes: ContactChanges
    ) -> Contact:
        local = has_local_phone(changes)
        country = region(contact.country) or (await _country(unit, principal) if local else None)
        given = normalised(changes, country, await _own_fields(unit, [changes]))
        changed = {
            field.name: getattr(given, field.name) for field in fields(given) if getattr(given, field.name) is not UNSET
        }
        changed["custom"] = merged_values(contact.custom, given.custom)
        if (do_not_call := changed.pop("do_not_call", contact.do_not_call)) != contact.do_not_call:
            changed["do_not_call_at"] = self._clock.now() if do_not_call else None
        if "status" in changed:
            status = _status(await unit.statuses.all(), changed["status"])
            changed |= {"status": status.label, "status_id": status.id}
        if changed.get("owner_id"):
            owner_id: UserId = changed["owner_id"]
            owners = await unit.users.many([owner_id])
            changed["owner_name"] = _owner_name({owner_id: user.name for owner_id, user in owners.items()}, owner_id)
        elif "owner_id" in changed:
            changed["owner_name"] = None
        after = replace(contact, **changed)
        if after.email_key != contact.email_key:
            after = replace(after, email_state=EmailState.OK if after.email else EmailState.NONE)
        return after


async def _own_fields(
    unit: ContactsUnit, given: Sequence[NewContact] | Sequence[ContactChanges]
) -> Mapping[str, FieldShape]:
    """Looked up where anything is said about them."""
    return shapes_of(await unit.contact_fields.all()) if any(one.custom for one in given) else {}


async def _country(unit: ContactsUnit, principal: Principal) -> str | None:
    return country_of_culture((await unit.users.get(principal.user_id)).culture)


def _status(statuses: Sequence[ContactStatus], label: str | None) -> ContactStatus:
    """The one of that label, the default one for None. Raises InvalidField."""
    for status in statuses:
        if status.label == label or (label is None and status.is_default):
            return status
    raise InvalidField("/status", "unknown_status", "Choose one of the contact statuses.")


def _owner_name(names: dict[UserId, str], owner_id: UserId) -> str:
    if owner_id not in names:
        raise InvalidField("/owner_id", "unknown_user", "Choose a user of the organization.")
    return names[owner_id]


async def _is_taken(unit: ContactsUnit, contact: Contact) -> bool:
    return await unit.contacts.find_by_email(contact.email_key) not in (None, contact.id)


async def _already_exists(unit: ContactsUnit, email_key: str) -> AlreadyExists:
    existing = await unit.contacts.find_by_email(email_key)
    return AlreadyExists(
        "There is a contact with this email address already.",
        "contact_email",
        {"contact_id": str(existing)} if existing else None,
    )


def _bell(kind: str, principal: Principal, contact_id: ContactId) -> Job:
    return Job(kind, principal.organization_id, {"contact_id": str(contact_id)})


def _created(contact: Contact, by: UserId) -> Activity:
    return Activity(ActivityType.CONTACT_CREATED, contact.created_at, contact.id, by)


def _status_changed(before: Contact, after: Contact, by: UserId) -> Activity:
    return Activity(
        type=ActivityType.CONTACT_STATUS_CHANGED,
        at=after.updated_at,
        contact_id=after.id,
        user_id=by,
        detail={"from": before.status, "to": after.status},
    )
