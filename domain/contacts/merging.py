"""Two records of one person become one: what is missing is completed, histories are joined, and for 30 days all of it
can be taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from domain.accounts.ports import Users
from domain.activities.model import Activity, ActivityType
from domain.activities.ports import ActivityLog
from domain.contacts.joining import joined, left_behind, parted
from domain.contacts.model import Contact
from domain.contacts.opting_out import OPTED_OUT
from domain.contacts.ports import ContactStore, Suppressions
from domain.contacts.service import CONTACT_CHANGED
from domain.contacts.suppression import SuppressionKind
from domain.shared.clock import Clock
from domain.shared.errors import AlreadyExists, FieldError, InvalidField, NotAllowedInState, NotFound, Rejected
from domain.shared.ids import ContactId, ContactMergeId, Ids, UserId
from domain.shared.jobs import Job, Jobs
from domain.shared.principal import Principal
from domain.shared.units import Units, repeated

MOST_MERGED = 10
UNDO_WITHIN = timedelta(days=30)

# Plain JSON, as it is kept: what changed hands.
Document = Mapping[str, Any]
# Of which contact a field is taken; of the kept one, completed by the others, where none is named.
Choices = Mapping[str, ContactId]


@dataclass(frozen=True, slots=True)
class MergeEffect:
    """The kept contact was `before` and became `after`; `moved` came with the merged one, `halted` ended."""

    before: Contact
    after: Contact
    moved: Document
    halted: Sequence[Document]


@dataclass(frozen=True, slots=True)
class Merge:
    """`merged_id` went into `kept_id`. What it did is kept as long as it can be taken back."""

    id: ContactMergeId
    kept_id: ContactId
    merged_id: ContactId
    user_id: UserId | None
    at: datetime
    effect: MergeEffect | None
    undone_at: datetime | None = None

    def may_be_undone(self, now: datetime) -> bool:
        return self.undone_at is None and now <= self.at + UNDO_WITHIN


@dataclass(frozen=True, slots=True)
class MergeEntry:
    """A merge as the contact's page shows it."""

    id: ContactMergeId
    merged_id: ContactId
    merged_name: str
    at: datetime
    user_id: UserId | None
    user_name: str | None
    undone_at: datetime | None

    def may_be_undone(self, now: datetime) -> bool:
        return self.undone_at is None and now <= self.at + UNDO_WITHIN


class ContactMerges(Protocol):
    """The merges of the unit's organization, and what moves with them."""

    async def add(self, merge: Merge) -> None: ...

    async def get(self, merge_id: ContactMergeId) -> Merge:
        """Raises NotFound."""
        ...

    async def lock(self, merge_id: ContactMergeId) -> Merge:
        """As `get`; nobody else takes it back until the unit ends. Contacts are locked before."""
        ...

    async def undone(self, merge_id: ContactMergeId, at: datetime) -> None: ...

    async def into(self, contact_id: ContactId) -> Sequence[MergeEntry]:
        """What was merged into the contact, newest first."""
        ...

    async def move(
        self, from_id: ContactId, to_id: ContactId, left_behind: Mapping[UUID, str], at: datetime
    ) -> Document:
        """Emails, enrollments, notes, notifications, former addresses and places on lists. By the addresses that were
        left behind (under new ids), too, one is found from now on. Gives what to `move_back`."""
        ...

    async def move_back(self, moved: Document, from_id: ContactId, to_id: ContactId) -> None:
        """What is still there; emails that wait go with their enrollments. What came later stays."""
        ...

    async def revive(self, contact_id: ContactId, removed_at: datetime, at: datetime) -> bool:
        """The merged contact is there again; False when somebody else has its address, or it was erased."""
        ...


class Journeys(Protocol):
    """What becomes of running Salesflows. Salesflows implement it."""

    async def joined(self, unit: Any, kept_id: ContactId, merged_id: ContactId, at: datetime) -> Sequence[Document]:
        """Locks both contacts and their enrollments. Where both run through one Salesflow, the one that is further goes
        on and the other ends. Gives what ended, to be taken up again."""
        ...

    async def hold(self, unit: Any, contact_ids: Sequence[ContactId]) -> None:
        """Locks the contacts in the order of their ids, and their enrollments."""
        ...

    async def parted(self, unit: Any, halted: Sequence[Document], at: datetime) -> None:
        """Takes up again what ended, unless it was begun anew since."""
        ...

    async def opted_out(self, unit: Any, contact_id: ContactId, at: datetime, email: None) -> None:
        """Ends all that runs."""
        ...


class MergingUnit(Protocol):
    """A transaction of one organization, as merging sees it."""

    @property
    def contacts(self) -> ContactStore: ...

    @property
    def contact_merges(self) -> ContactMerges: ...

    @property
    def suppressions(self) -> Suppressions: ...

    @property
    def activities(self) -> ActivityLog: ...

    @property
    def users(self) -> Users: ...

    @property
    def jobs(self) -> Jobs: ...


class Merging:
    """Everybody who edits contacts may merge them, and take it back."""

    def __init__(self, *, units: Units[MergingUnit], journeys: Journeys, clock: Clock, ids: Ids) -> None:
        self._units = units
        self._journeys = journeys
        self._clock = clock
        self._ids = ids

    async def merge(
        self, principal: Principal, keep: ContactId, merge: Sequence[ContactId], choices: Choices
    ) -> tuple[Contact, Sequence[ContactMergeId]]:
        """The kept contact as it is now, and the merges to take back. The merged ones are found nowhere any more.

        Raises NotFound, Rejected.
        """
        _require_sensible(keep, merge, choices)
        return await repeated(lambda: self._merge(principal, keep, list(dict.fromkeys(merge)), choices))

    async def into(self, principal: Principal, contact_id: ContactId) -> Sequence[tuple[MergeEntry, bool]]:
        """What was merged into the contact, newest first, and whether it can be taken back. Raises NotFound."""
        now = self._clock.now()
        async with self._units.of(principal.organization_id) as unit:
            await unit.contacts.get(contact_id)
            return [(one, one.may_be_undone(now)) for one in await unit.contact_merges.into(contact_id)]

    async def undo(self, principal: Principal, merge_id: ContactMergeId) -> Contact:
        """Both are there again, with what they had. What somebody has changed since, and what happened since, stays
        with the kept one. May be repeated. Gives the contact that is there again.

        Raises NotFound, NotAllowedInState after 30 days or when the kept one is gone, AlreadyExists for its address.
        """
        return await repeated(lambda: self._undo(principal, merge_id))

    async def _merge(
        self, principal: Principal, keep: ContactId, merge: Sequence[ContactId], choices: Choices
    ) -> tuple[Contact, Sequence[ContactMergeId]]:
        now = self._clock.now()
        async with self._units.of(principal.organization_id) as unit:
            await self._journeys.hold(unit, [keep, *merge])
            merges = [await self._merge_one(unit, principal, keep, other, choices, now) for other in merge]
            await unit.jobs.put(Job(CONTACT_CHANGED, principal.organization_id, {"contact_id": str(keep)}))
            return await unit.contacts.get(keep), merges

    async def _merge_one(
        self,
        unit: MergingUnit,
        principal: Principal,
        keep: ContactId,
        other_id: ContactId,
        choices: Choices,
        now: datetime,
    ) -> ContactMergeId:
        kept, other = await unit.contacts.get(keep), await unit.contacts.get(other_id)
        after = replace(joined(kept, other, choices), updated_at=now)
        halted = await self._journeys.joined(unit, keep, other_id, now)
        await unit.contacts.remove(other_id, now)
        former = {self._ids.new(): address for address in left_behind(kept, other, after)}
        moved = await unit.contact_merges.move(other_id, keep, former, now)
        after = await unit.contacts.save(after)
        await self._keep_quiet(unit, principal, kept, other, after, now)
        merge_id = ContactMergeId(self._ids.new())
        told = Activity(ActivityType.CONTACT_MERGED, now, keep, principal.user_id, detail={"merge_id": str(merge_id)})
        await unit.activities.append([told])
        effect = MergeEffect(kept, after, moved, halted)
        await unit.contact_merges.add(Merge(merge_id, keep, other_id, principal.user_id, now, effect))
        return merge_id

    async def _keep_quiet(
        self,
        unit: MergingUnit,
        principal: Principal,
        kept: Contact,
        other: Contact,
        after: Contact,
        now: datetime,
    ) -> None:
        """Whoever opted out under one record did so as a person: no address of theirs is written to."""
        if not after.opted_out or (kept.opted_out and other.opted_out):
            return
        addresses = {one.email_key for one in (kept, other) if one.email_key}
        await unit.suppressions.put(SuppressionKind.EMAIL, addresses, OPTED_OUT, now, principal.user_id)
        await self._journeys.opted_out(unit, kept.id, now, None)

    async def _undo(self, principal: Principal, merge_id: ContactMergeId) -> Contact:
        now = self._clock.now()
        async with self._units.of(principal.organization_id) as unit:
            found = await unit.contact_merges.get(merge_id)
            await self._journeys.hold(unit, [found.kept_id, found.merged_id])
            merge = await unit.contact_merges.lock(merge_id)
            if merge.undone_at:
                return await unit.contacts.get(merge.merged_id)
            effect = _still_known(merge, now)
            kept = await self._still_kept(unit, merge)
            saved = await unit.contacts.save(replace(parted(kept, effect.before, effect.after), updated_at=now))
            if effect.after.opted_out and not saved.opted_out and saved.email_key:
                await unit.suppressions.lift(SuppressionKind.EMAIL, [saved.email_key], OPTED_OUT)
            await unit.contact_merges.move_back(effect.moved, merge.kept_id, merge.merged_id)
            if not await unit.contact_merges.revive(merge.merged_id, merge.at, now):
                raise AlreadyExists("Another contact has the address of the merged one by now.", "contact_email")
            await self._journeys.parted(unit, effect.halted, now)
            await unit.contact_merges.undone(merge_id, now)
            detail = {"merge_id": str(merge_id)}
            await unit.activities.append(
                Activity(ActivityType.CONTACT_UNMERGED, now, contact_id, principal.user_id, detail=detail)
                for contact_id in (merge.kept_id, merge.merged_id)
            )
            return await unit.contacts.get(merge.merged_id)

    async def _still_kept(self, unit: MergingUnit, merge: Merge) -> Contact:
        try:
            return await unit.contacts.get(merge.kept_id)
        except NotFound as gone:
            raise NotAllowedInState("The contact that was kept is gone.", "merge_kept_gone") from gone


def _still_known(merge: Merge, now: datetime) -> MergeEffect:
    """Raises NotAllowedInState."""
    if merge.effect is None or not merge.may_be_undone(now):
        raise NotAllowedInState("A merge can be taken back for 30 days.", "merge_too_old")
    return merge.effect


def _require_sensible(keep: ContactId, merge: Sequence[ContactId], choices: Choices) -> None:
    """Raises Rejected."""
    if not merge or len(merge) > MOST_MERGED:
        raise InvalidField("/merge", "too_many", f"Merge 1 to {MOST_MERGED} contacts into one.", maximum=MOST_MERGED)
    if keep in merge:
        raise InvalidField("/merge", "merge_with_itself", "A contact can't be merged into itself.")
    known = {keep, *merge}
    unknown = [
        FieldError(f"/choices/{name}", "unknown_contact", "Choose one of the contacts that are merged.")
        for name, chosen in choices.items()
        if chosen not in known
    ]
    if unknown:
        raise Rejected(unknown)
