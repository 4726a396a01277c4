"""The Contact Status list as Administrators keep it: add, rename, colour, order, the default, and what replaces one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.accounts.audit import Act, Action, AuditedUnit, Target, record
from domain.activities.model import Activity, ActivityType
from domain.activities.ports import ActivityLog
from domain.background.model import BackgroundJob, Progress
from domain.background.ports import BackgroundUnit
from domain.background.service import BackgroundWork
from domain.contacts.folding import fold
from domain.contacts.model import ContactStatus, ContactStatusId
from domain.shared.clock import Clock
from domain.shared.errors import AlreadyExists, Conflict, InvalidField, NotAllowedInState, NotFound
from domain.shared.ids import ContactId, Ids
from domain.shared.principal import Principal
from domain.shared.units import Units

# The kind of background job in which a status gives way to another one.
KIND = "contact_status_replacement"
MOST_STATUSES = 100
LONGEST_LABEL = 120
COLOR = re.compile(r"#[0-9a-f]{6}")
MOVED_AT_ONCE = 2_500


@dataclass(frozen=True, slots=True)
class StatusChanges:
    """What is None stays."""

    label: str | None = None
    color: str | None = None
    is_default: bool | None = None


class StatusBook(Protocol):
    """The statuses of the unit's organization, and the contacts that have them."""

    async def all(self) -> Sequence[ContactStatus]:
        """In their order."""
        ...

    async def lock(self) -> Sequence[ContactStatus]:
        """As `all`; nobody else changes them until the unit ends."""
        ...

    async def add(self, status: ContactStatus) -> None: ...

    async def save(self, statuses: Sequence[ContactStatus]) -> None:
        """Keeps changed ones."""
        ...

    async def rename_in_filters(self, label: str, now: str) -> None:
        """Lists by filter and saved views that ask for the one label ask for the other."""
        ...

    async def is_used(self, status_id: ContactStatusId) -> bool:
        """Whether a contact has it, a deleted one included."""
        ...

    async def move(
        self, from_id: ContactStatusId, to_id: ContactStatusId, limit: int, at: datetime
    ) -> Sequence[ContactId]:
        """Gives some contacts the other status. Those that it met."""
        ...

    async def move_deleted(self, from_id: ContactStatusId, to_id: ContactStatusId, limit: int) -> int:
        """The same of contacts that were deleted. How many it met."""
        ...

    async def remove(self, status_id: ContactStatusId) -> None:
        """Raises Contended when somebody has given it to a contact at this moment."""
        ...


class StatusesUnit(AuditedUnit, BackgroundUnit, Protocol):
    """A transaction of one organization, as the Contact Status list sees it."""

    @property
    def statuses(self) -> StatusBook: ...

    @property
    def activities(self) -> ActivityLog: ...


class Statuses:
    """For Administrators. Every method raises Forbidden."""

    def __init__(self, *, units: Units[StatusesUnit], background: BackgroundWork, clock: Clock, ids: Ids) -> None:
        self._units = units
        self._background = background
        self._clock = clock
        self._ids = ids

    async def all(self, principal: Principal) -> Sequence[ContactStatus]:
        """In their order."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            return await unit.statuses.all()

    async def add(self, principal: Principal, label: str, color: str, *, is_default: bool = False) -> ContactStatus:
        """At the end. Raises Rejected, AlreadyExists for the label of another one."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            known = await unit.statuses.lock()
            if len(known) >= MOST_STATUSES:
                message = f"An organization has at most {MOST_STATUSES} statuses."
                raise InvalidField("/label", "too_many", message, maximum=MOST_STATUSES)
            status = ContactStatus(
                id=ContactStatusId(self._ids.new()),
                label=_label(label),
                color=_color(color),
                position=max((one.position for one in known), default=-1) + 1,
            )
            _require_free(known, status)
            await unit.statuses.add(status)
            if is_default:
                await unit.statuses.save(_with_default([*known, status], status.id))
            await self._note(unit, principal, "added", status)
            return replace(status, is_default=is_default)

    async def change(self, principal: Principal, status_id: ContactStatusId, changes: StatusChanges) -> ContactStatus:
        """Contacts with the status keep it under its new name, and filters that ask for it go on to.

        Raises NotFound, Rejected, AlreadyExists for the label of another one, NotAllowedInState for taking the default
        away without naming another.
        """
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            known = await unit.statuses.lock()
            before = _found(known, status_id)
            if before.is_default and changes.is_default is False:
                raise NotAllowedInState("Make another status the default instead.", "status_is_default")
            after = replace(
                before,
                label=before.label if changes.label is None else _label(changes.label),
                color=before.color if changes.color is None else _color(changes.color),
            )
            _require_free(known, after)
            changed = [after if one.id == status_id else one for one in known]
            if changes.is_default:
                changed = _with_default(changed, status_id)
            await unit.statuses.save([one for one, former in zip(changed, known, strict=True) if one != former])
            if after.label != before.label:
                await unit.statuses.rename_in_filters(before.label, after.label)
            if changed != list(known):
                await self._note(unit, principal, "changed", after)
            return _found(changed, status_id)

    async def put_in_order(
        self, principal: Principal, status_ids: Sequence[ContactStatusId]
    ) -> Sequence[ContactStatus]:
        """Raises InvalidField unless each is named once."""
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            known = {one.id: one for one in await unit.statuses.lock()}
            if sorted(status_ids) != sorted(known):
                raise InvalidField("/ids", "incomplete_order", "Name each of them once.")
            ordered = [replace(known[key], position=position) for position, key in enumerate(status_ids)]
            await unit.statuses.save([one for one in ordered if one != known[one.id]])
            return ordered

    async def remove(
        self, principal: Principal, status_id: ContactStatusId, replace_with: ContactStatusId | None = None
    ) -> BackgroundJob | None:
        """At once if no contact has it; else its contacts get the other one first, by a job.

        Raises NotFound, InvalidField for what can be no replacement, NotAllowedInState for the default one, Conflict
        when one is needed.
        """
        principal.require_administrator()
        async with self._units.of(principal.organization_id) as unit:
            known = await unit.statuses.lock()
            status = _found(known, status_id)
            if status.is_default:
                raise NotAllowedInState("Make another status the default first.", "status_is_default")
            other = next((one for one in known if one.id == replace_with and one.id != status_id), None)
            if replace_with is not None and other is None:
                raise InvalidField("/query/replace_with", "unknown_status", "Choose one of the contact statuses.")
            job = None
            if await unit.statuses.is_used(status_id):
                if other is None:
                    raise Conflict("Contacts have this status. Choose one that replaces it.", "status_in_use")
                spec = {"status_id": str(status_id), "replace_with": str(other.id)}
                job = await self._background.put(unit, principal, KIND, spec, None)
            else:
                await _removed(unit, status, other)
            await self._note(unit, principal, "removed", status)
            return job

    async def _note(self, unit: StatusesUnit, principal: Principal, change: str, status: ContactStatus) -> None:
        act = Act(
            Action.CONTACT_STATUSES_CHANGED, Target("contact_status", status.id, status.label), {"change": change}
        )
        await record(unit, principal, act, self._clock.system())


class Replacing:
    """Gives the contacts of a status another one, and removes it then. Implements domain.background.ports.Piecework.

    Whoever is given the status meanwhile is met by a later piece: the last one finds nobody.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def piece(self, unit: StatusesUnit, job: BackgroundJob) -> Progress:
        """Raises NotFound when one of the two is gone."""
        known = await unit.statuses.lock()
        former, other = (_found(known, _id(job, name)) for name in ("status_id", "replace_with"))
        now = self._clock.now()
        moved = await unit.statuses.move(former.id, other.id, MOVED_AT_ONCE, now)
        changed = Activity(
            type=ActivityType.CONTACT_STATUS_CHANGED,
            at=now,
            contact_id=moved[0] if moved else ContactId(job.id),
            user_id=job.user_id,
            detail={"from": former.label, "to": other.label},
        )
        await unit.activities.append_alike(changed, moved)
        found = {"changed": job.result.get("changed", 0) + len(moved)}
        if moved or await unit.statuses.move_deleted(former.id, other.id, MOVED_AT_ONCE):
            return Progress(job.cursor, len(moved), found)
        if former.is_default:
            raise NotAllowedInState("Make another status the default first.", "status_is_default")
        await _removed(unit, former, other)
        return Progress(job.cursor, 0, found, finished=True)


async def _removed(unit: StatusesUnit, status: ContactStatus, other: ContactStatus | None) -> None:
    if other is not None:
        await unit.statuses.rename_in_filters(status.label, other.label)
    await unit.statuses.remove(status.id)


def _id(job: BackgroundJob, name: str) -> ContactStatusId:
    return ContactStatusId(UUID(job.spec[name]))


def _found(known: Sequence[ContactStatus], status_id: ContactStatusId) -> ContactStatus:
    for status in known:
        if status.id == status_id:
            return status
    raise NotFound("status")


def _with_default(known: Sequence[ContactStatus], status_id: ContactStatusId) -> list[ContactStatus]:
    """There is one default, always."""
    return [replace(one, is_default=one.id == status_id) for one in known]


def _require_free(known: Sequence[ContactStatus], status: ContactStatus) -> None:
    if any(fold(one.label) == fold(status.label) and one.id != status.id for one in known):
        raise AlreadyExists("There is a status with this name already.", "status_label")


def _label(given: str) -> str:
    label = given.strip()
    if not label:
        raise InvalidField("/label", "required", "Give the status a name.")
    if len(label) > LONGEST_LABEL or not label.isprintable():
        message = f"A name is one line of at most {LONGEST_LABEL} characters."
        raise InvalidField("/label", "invalid_text", message)
    return label


def _color(given: str) -> str:
    color = given.strip().lower()
    if not COLOR.fullmatch(color):
        raise InvalidField("/color", "invalid_color", "Write a colour like #228be6.")
    return color
