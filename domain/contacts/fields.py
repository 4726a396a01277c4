"""What can be said about a contact: the fields that everybody has, and those that an organization adds."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from domain.accounts.audit import Act, Action, AuditedUnit, Target, record
from domain.contacts.folding import fold
from domain.contacts.imports.preparing import IMPORTABLE
from domain.contacts.own_values import FieldKind, FieldShape
from domain.shared.clock import Clock
from domain.shared.errors import AlreadyExists, FieldError, InvalidField, NotFound, Rejected
from domain.shared.ids import ContactFieldId, Ids
from domain.shared.principal import Principal
from domain.shared.units import Units

MOST_FIELDS = 50
# Archived ones keep their values, and their keys.
MOST_EVER = 500
LONGEST_LABEL = 120
LONGEST_KEY = 40
MOST_CHOICES = 200
LONGEST_CHOICE = 120
# What contacts say already, and what stands in answers and files beside it.
TAKEN: frozenset[str] = frozenset(
    {*IMPORTABLE, "id", "custom", "version", "lists", "line", "reason", "owner_id", "status_id", "do_not_call"}
    | {"email_state", "opted_out", "opted_out_at", "created_at", "updated_at", "last_activity_at"}
)


@dataclass(frozen=True, slots=True)
class ContactField:
    """A field that an organization has added. Values are kept by its `key`, which never changes."""

    id: ContactFieldId
    key: str
    label: str
    kind: FieldKind
    position: int
    created_at: datetime
    updated_at: datetime
    choices: tuple[str, ...] = ()
    archived_at: datetime | None = None

    @property
    def shape(self) -> FieldShape:
        """What its values have to be like."""
        return FieldShape(self.kind, self.choices)


@dataclass(frozen=True, slots=True)
class FieldDraft:
    """What somebody says about a new field."""

    label: str
    kind: FieldKind
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class FieldChanges:
    """What is None stays. The kind of a field never changes, as its values would not fit any more."""

    label: str | None = None
    choices: Sequence[str] | None = None
    archived: bool | None = None


class ContactFields(Protocol):
    """The own fields of the unit's organization."""

    async def all(self) -> Sequence[ContactField]:
        """Those that were not archived, in their order."""
        ...

    async def with_archived(self) -> Sequence[ContactField]:
        """All that there ever were: first those that are in use, in their order. Nobody else changes them until the
        unit ends."""
        ...

    async def add(self, field: ContactField) -> None: ...

    async def save(self, fields: Sequence[ContactField]) -> None:
        """Keeps changed fields."""
        ...


class FieldsUnit(AuditedUnit, Protocol):
    """A transaction of one organization, as fields see it."""

    @property
    def contact_fields(self) -> ContactFields: ...


class OwnFields:
    """Everybody sees and fills them; Administrators add, rename, order and archive them."""

    def __init__(self, *, units: Units[FieldsUnit], clock: Clock, ids: Ids) -> None:
        self._units = units
        self._clock = clock
        self._ids = ids

    async def all(self, principal: Principal) -> Sequence[ContactField]:
        """Those in use, in their order."""
        async with self._units.of(principal.organization_id) as unit:
            return await unit.contact_fields.all()

    async def with_archived(self, principal: Principal) -> Sequence[ContactField]:
        """The archived ones too, at the end. Raises Forbidden."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            return await unit.contact_fields.with_archived()

    async def add(self, principal: Principal, draft: FieldDraft) -> ContactField:
        """At the end. Raises Forbidden, Rejected, AlreadyExists for the label of another field."""
        principal.require_administrator()
        now = self._clock.now()
        async with self._units.of(principal.organization_id) as unit:
            known = await unit.contact_fields.with_archived()
            _require_room(known)
            label = _label(draft.label)
            _require_free(known, label, None)
            field = ContactField(
                id=ContactFieldId(self._ids.new()),
                key=key_of(label, TAKEN | {one.key for one in known}),
                label=label,
                kind=draft.kind,
                position=max((one.position for one in known), default=-1) + 1,
                created_at=now,
                updated_at=now,
                choices=_choices(draft.kind, draft.choices),
            )
            await unit.contact_fields.add(field)
            await record(unit, principal, _act("added", field), self._clock.system())
            return field

    async def change(self, principal: Principal, field_id: ContactFieldId, changes: FieldChanges) -> ContactField:
        """Values that are not among the choices any more stay where they are. A field that comes back from the archive
        has its values again. Raises Forbidden, NotFound, Rejected, AlreadyExists for the label of another field."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            known = await unit.contact_fields.with_archived()
            before = _found(known, field_id)
            after = self._changed(before, changes)
            if after == before:
                return before
            if before.archived_at and not after.archived_at:
                _require_room(known)
            if not after.archived_at:
                _require_free(known, after.label, field_id)
            after = replace(after, updated_at=self._clock.now())
            await unit.contact_fields.save([after])
            await record(unit, principal, _act(_change(before, after), after), self._clock.system())
            return after

    async def archive(self, principal: Principal, field_id: ContactFieldId) -> None:
        """Nobody sees or fills it from now on; its values are kept. May be repeated. Raises Forbidden, NotFound."""
        await self.change(principal, field_id, FieldChanges(archived=True))

    async def put_in_order(self, principal: Principal, field_ids: Sequence[ContactFieldId]) -> Sequence[ContactField]:
        """Raises Forbidden, InvalidField unless each field in use is named once."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            known = {one.id: one for one in await unit.contact_fields.with_archived() if not one.archived_at}
            if sorted(field_ids) != sorted(known):
                raise InvalidField("/ids", "incomplete_order", "Name each of them once.")
            ordered = [replace(known[key], position=position) for position, key in enumerate(field_ids)]
            await unit.contact_fields.save([one for one in ordered if one != known[one.id]])
            return ordered

    def _changed(self, field: ContactField, changes: FieldChanges) -> ContactField:
        label = field.label if changes.label is None else _label(changes.label)
        choices = field.choices if changes.choices is None else _choices(field.kind, changes.choices)
        archived_at = field.archived_at
        if changes.archived is not None:
            archived_at = (archived_at or self._clock.now()) if changes.archived else None
        return replace(field, label=label, choices=choices, archived_at=archived_at)


def shapes_of(fields: Sequence[ContactField]) -> Mapping[str, FieldShape]:
    """By their keys."""
    return {field.key: field.shape for field in fields}


def key_of(label: str, taken: Collection[str]) -> str:
    """A name for programs that tells people what is meant, too: `Renewal date` becomes `renewal_date`."""
    words = "_".join(re.findall(r"[a-z0-9]+", fold(label)))
    plain = words if words[:1].isalpha() else f"field_{words}".rstrip("_")
    key, number = plain[:LONGEST_KEY].rstrip("_"), 2
    while key in taken:
        ending = f"_{number}"
        key, number = plain[: LONGEST_KEY - len(ending)].rstrip("_") + ending, number + 1
    return key


def _found(known: Sequence[ContactField], field_id: ContactFieldId) -> ContactField:
    for field in known:
        if field.id == field_id:
            return field
    raise NotFound("field")


def _require_room(known: Sequence[ContactField]) -> None:
    if sum(not field.archived_at for field in known) >= MOST_FIELDS or len(known) >= MOST_EVER:
        message = f"An organization has at most {MOST_FIELDS} fields of its own."
        raise InvalidField("/label", "too_many", message, maximum=MOST_FIELDS)


def _require_free(known: Sequence[ContactField], label: str, but: ContactFieldId | None) -> None:
    if any(fold(one.label) == fold(label) and one.id != but and not one.archived_at for one in known):
        raise AlreadyExists("There is a field with this name already.", "field_label")


def _label(given: str) -> str:
    label = given.strip()
    if not label:
        raise InvalidField("/label", "required", "Give the field a name.")
    if len(label) > LONGEST_LABEL or not label.isprintable():
        message = f"A name is one line of at most {LONGEST_LABEL} characters."
        raise InvalidField("/label", "invalid_text", message)
    return label


def _choices(kind: FieldKind, given: Sequence[str]) -> tuple[str, ...]:
    """Trimmed, each once. Raises Rejected."""
    if kind is not FieldKind.CHOICE:
        if given:
            raise InvalidField("/choices", "not_a_choice", "Only a field of the kind choice has values to choose from.")
        return ()
    choices = [choice.strip() for choice in given]
    if not 1 <= len(choices) <= MOST_CHOICES:
        limits = {"minimum": 1, "maximum": MOST_CHOICES}
        message = f"A choice has 1 to {MOST_CHOICES} values."
        raise InvalidField("/choices", "out_of_range", message, **limits)
    faults = [fault for number, choice in enumerate(choices) if (fault := _choice_fault(choices, number, choice))]
    if faults:
        raise Rejected(faults)
    return tuple(choices)


def _choice_fault(choices: Sequence[str], number: int, choice: str) -> FieldError | None:
    pointer = f"/choices/{number}"
    if not choice:
        return FieldError(pointer, "required", "This must not be empty.")
    if len(choice) > LONGEST_CHOICE or not choice.isprintable():
        message = f"A value is one line of at most {LONGEST_CHOICE} characters."
        return FieldError(pointer, "invalid_text", message)
    if fold(choice) in map(fold, choices[:number]):
        return FieldError(pointer, "twice", "This value is there already.")
    return None


def _change(before: ContactField, after: ContactField) -> str:
    if before.archived_at != after.archived_at:
        return "archived" if after.archived_at else "restored"
    return "changed"


def _act(change: str, field: ContactField) -> Act:
    target = Target("contact_field", field.id, field.label)
    return Act(Action.CONTACT_FIELDS_CHANGED, target, {"change": change})
