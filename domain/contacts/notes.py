"""What users write down about a contact."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from domain.activities.model import Activity, ActivityType
from domain.activities.ports import ActivityLog
from domain.contacts.ports import ContactStore
from domain.shared.clock import Clock
from domain.shared.errors import Forbidden, InvalidField, VersionMismatch
from domain.shared.ids import ContactId, ContactNoteId, Ids, UserId
from domain.shared.paging import Page, PageRequest
from domain.shared.principal import Principal
from domain.shared.units import Units

LONGEST_NOTE = 10_000


@dataclass(frozen=True, slots=True)
class ContactNote:
    """A note. `user_id` wrote it, and is None when the user was removed since."""

    id: ContactNoteId
    contact_id: ContactId
    user_id: UserId | None
    text: str
    created_at: datetime
    updated_at: datetime
    user_name: str | None = None
    version: int = 1


class ContactNotes(Protocol):
    """The notes of the unit's organization. Deleted ones are not there any more."""

    async def page(self, contact_id: ContactId, page: PageRequest) -> Page[ContactNote]:
        """Newest first. Raises InvalidCursor."""
        ...

    async def get(self, contact_id: ContactId, note_id: ContactNoteId) -> ContactNote:
        """Raises NotFound."""
        ...

    async def lock(self, contact_id: ContactId, note_id: ContactNoteId) -> ContactNote:
        """As `get`; nobody else changes it until the unit ends."""
        ...

    async def add(self, note: ContactNote) -> None: ...

    async def save(self, note: ContactNote) -> None:
        """Keeps a changed note under its next version. Raises VersionMismatch."""
        ...

    async def remove(self, note_id: ContactNoteId, at: datetime) -> None: ...


class NotesUnit(Protocol):
    """A transaction of one organization, as notes see it."""

    @property
    def contacts(self) -> ContactStore: ...

    @property
    def contact_notes(self) -> ContactNotes: ...

    @property
    def activities(self) -> ActivityLog: ...


class Notes:
    """Everybody reads and writes notes; who wrote one and Administrators change it."""

    def __init__(self, *, units: Units[NotesUnit], clock: Clock, ids: Ids) -> None:
        self._units = units
        self._clock = clock
        self._ids = ids

    async def page(self, principal: Principal, contact_id: ContactId, page: PageRequest) -> Page[ContactNote]:
        """Of a contact, newest first. Raises NotFound, InvalidCursor."""
        async with self._units.of(principal.organization_id) as unit:
            await unit.contacts.get(contact_id)
            return await unit.contact_notes.page(contact_id, page)

    async def write(self, principal: Principal, contact_id: ContactId, text: str) -> ContactNote:
        """A note that stands in the contact's timeline, too. Raises NotFound, InvalidField."""
        now = self._clock.now()
        note = ContactNote(
            id=ContactNoteId(self._ids.new()),
            contact_id=contact_id,
            user_id=principal.user_id,
            text=_text(text),
            created_at=now,
            updated_at=now,
        )
        async with self._units.of(principal.organization_id) as unit:
            await unit.contacts.get(contact_id)
            await unit.contact_notes.add(note)
            # The log is never changed: the text stays where it can be.
            added = Activity(
                ActivityType.NOTE_ADDED, now, contact_id, principal.user_id, detail={"note_id": str(note.id)}
            )
            await unit.activities.append([added])
            return await unit.contact_notes.get(contact_id, note.id)

    async def change(
        self,
        principal: Principal,
        contact_id: ContactId,
        note_id: ContactNoteId,
        text: str,
        version: int | None = None,
    ) -> ContactNote:
        """Raises NotFound, Forbidden, VersionMismatch, InvalidField."""
        async with self._units.of(principal.organization_id) as unit:
            before = await self._editable(unit, principal, contact_id, note_id)
            if version is not None and version != before.version:
                raise VersionMismatch
            after = replace(before, text=_text(text))
            if after == before:
                return before
            await unit.contact_notes.save(replace(after, updated_at=self._clock.now()))
            return await unit.contact_notes.get(contact_id, note_id)

    async def delete(self, principal: Principal, contact_id: ContactId, note_id: ContactNoteId) -> None:
        """It leaves the timeline, too. Raises NotFound, Forbidden."""
        async with self._units.of(principal.organization_id) as unit:
            await self._editable(unit, principal, contact_id, note_id)
            await unit.contact_notes.remove(note_id, self._clock.now())

    async def _editable(
        self, unit: NotesUnit, principal: Principal, contact_id: ContactId, note_id: ContactNoteId
    ) -> ContactNote:
        await unit.contacts.get(contact_id)
        note = await unit.contact_notes.lock(contact_id, note_id)
        if not principal.is_administrator and note.user_id != principal.user_id:
            raise Forbidden("Only who wrote a note and Administrators can change it.", "not_your_note")
        return note


def _text(given: str) -> str:
    text = given.strip()
    if not text:
        raise InvalidField("/text", "required", "Write something down.")
    if len(text) > LONGEST_NOTE:
        message = f"This has at most {LONGEST_NOTE} characters."
        raise InvalidField("/text", "too_long", message, maximum=LONGEST_NOTE)
    return text
