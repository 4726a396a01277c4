"""One act on many contacts: a selection, or everybody who matches; in pieces, with progress, and one way back.

Each act is a class of its own (`BulkAct`); what is the same for all of them is here: who is meant, who may, how it is
counted. Whom a filter means is settled when it begins: contacts that are added later are not touched.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any, Protocol, TypeVar
from uuid import UUID

from domain.accounts.model import UserState
from domain.background.model import BackgroundJob, Changes, Document, JobState, Progress, joined
from domain.background.service import BackgroundWork
from domain.contacts.bulk_ports import BulkUnit
from domain.contacts.filters import document_of, filter_of
from domain.contacts.lists import require_findable
from domain.contacts.model import ContactFilter
from domain.shared.clock import Clock
from domain.shared.errors import Forbidden, InvalidField
from domain.shared.ids import ContactId
from domain.shared.principal import Principal
from domain.shared.units import Units

MOST_NAMED = 10_000
# As many pieces are done at once, where there is enough to do: a core of the database each.
LANES = 2
WORTH_LANES = 20_000
# The first pieces are small, so that people soon see it go on.
FIRST_AT_ONCE = 500

U_contra = TypeVar("U_contra", bound=BulkUnit, contravariant=True)


@dataclass(frozen=True, slots=True)
class Meant:
    """The contacts that are named, or all who match."""

    contact_ids: Sequence[ContactId] | None = None
    matching: ContactFilter | None = None


@dataclass(frozen=True, slots=True)
class Doing:
    """A piece of an act: for whom it is done, when, and what was asked for."""

    job: BackgroundJob
    principal: Principal
    asked: Document
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a piece did: whom it changed, with the id that is kept to take it back, and how many were left out and why.

    The others were so already.
    """

    kept: Mapping[ContactId, UUID | None]
    left_out: Mapping[str, int] = field(default_factory=dict)


class Startable(Protocol[U_contra]):
    """Something that can be asked for about many contacts."""

    @property
    def kind(self) -> str:
        """Its name in the API."""
        ...

    async def checked(self, unit: U_contra, principal: Principal, asked: Document) -> Document:
        """What is to be done, in ids that stay. Raises Rejected (at /action/…), Forbidden, Conflict."""
        ...


class BulkAct(Startable[U_contra], Protocol[U_contra]):
    """Something that is done to many contacts at once, by the rules that hold for one."""

    @property
    def at_once(self) -> int:
        """How many contacts a piece takes: so many as are done in a part of a second."""
        ...

    async def do(self, unit: U_contra, doing: Doing, contact_ids: Sequence[ContactId]) -> Outcome:
        """Does it to those of the contacts that exist. What made it possible may be gone: raises as `checked` does."""
        ...

    async def take_back(self, unit: U_contra, doing: Doing, changes: Changes) -> Collection[ContactId]:
        """Gives those for whom things are as they were before; the others were changed since."""
        ...


def kind_of(act: str) -> str:
    """The kind of background job in which an act is done."""
    return f"bulk_{act}"


class Bulk:
    """Everybody may act on many contacts at once, by the rules that hold for one."""

    def __init__(self, *, units: Units[Any], background: BackgroundWork, acts: Collection[Startable[Any]]) -> None:
        self._units = units
        self._background = background
        self._acts = {act.kind: act for act in acts}

    async def start(self, principal: Principal, meant: Meant, act: str, asked: Document) -> BackgroundJob:
        """A job that does it. Raises Rejected, NotFound, Forbidden, Conflict for what can be known before."""
        spec = _selection(meant)
        async with self._units.of(principal.organization_id) as unit:
            checked = await self._acts[act].checked(unit, principal, asked)
            total = len(spec["contact_ids"]) if "contact_ids" in spec else None
            return await self._background.put(unit, principal, kind_of(act), {**spec, "asked": checked}, total)


class BulkPiecework:
    """Implements domain.background.ports.Piecework, Undoable and InLanes for an act."""

    def __init__(self, act: BulkAct[Any], clock: Clock) -> None:
        self._act = act
        self._clock = clock

    async def lanes(self, unit: BulkUnit, job: BackgroundJob) -> tuple[Sequence[Document], int | None]:
        """Of a job by filter each lane has a span of ids; what a lane changed is taken back in the same lane."""
        if job.state is JobState.UNDOING:
            return [{}] * (LANES if "filter" in job.spec else 1), None
        total = await total_of(unit, job)
        return await _spans(unit, total), total

    async def piece(self, unit: BulkUnit, job: BackgroundJob) -> Progress:
        limit = self._act.at_once if job.done else min(FIRST_AT_ONCE, self._act.at_once)
        contact_ids = await next_of(unit, job, limit)
        doing = await self._doing(unit, job)
        outcome = await self._act.do(unit, doing, contact_ids)
        if outcome.kept:
            await unit.job_changes.add(job, doing.at, outcome.kept)
        return Progress(
            cursor=cursor_after(contact_ids, job),
            done_delta=len(contact_ids),
            result=joined(job.result, _counted(outcome, len(contact_ids))),
            finished=len(contact_ids) < limit,
        )

    async def undo_piece(self, unit: BulkUnit, job: BackgroundJob) -> Progress:
        changes = await unit.job_changes.first(job)
        if changes is None:
            return Progress(job.cursor, 0, job.result, finished=True)
        restored = len(await self._act.take_back(unit, await self._doing(unit, job), changes))
        await unit.job_changes.remove(job, changes)
        found = {"restored": restored, "kept": len(changes.kept) - restored}
        return Progress(job.cursor, len(changes.kept), joined(job.result, found))

    async def _doing(self, unit: BulkUnit, job: BackgroundJob) -> Doing:
        return Doing(job, await acting(unit, job), job.spec["asked"], self._clock.now())


async def acting(unit: BulkUnit, job: BackgroundJob) -> Principal:
    """Whoever began the job, with the rights of this moment. Raises Forbidden when he has left, unless it is undone."""
    user = await unit.users.get(job.user_id) if job.user_id else None
    if user is None or (user.state is not UserState.ACTIVE and job.state is not JobState.UNDOING):
        raise Forbidden("Whoever began this has left.", "user_left")
    return Principal(job.organization_id, user.id, user.role)


async def total_of(unit: BulkUnit, job: BackgroundJob) -> int | None:
    """How many contacts a job by filter is about: maybe with some who were added since it was asked for, as an index
    alone tells who is there. None for those that are named, who are counted already."""
    return await unit.contacts.count(filter_of(job.spec["filter"])) if "filter" in job.spec else None


async def next_of(unit: BulkUnit, job: BackgroundJob, limit: int) -> Sequence[ContactId]:
    """Those whose turn it is, in the order of ids. Fewer than `limit` are the last ones of the lane."""
    cursor = job.cursor or {}
    after = UUID(cursor["after"]) if cursor.get("after") else None
    if "contact_ids" in job.spec:
        named = sorted(UUID(one) for one in job.spec["contact_ids"])
        return [ContactId(one) for one in named if after is None or one > after][:limit]
    matching = filter_of(job.spec["filter"])
    found = await unit.contacts.ids_after(matching, ContactId(after) if after else None, limit, job.created_at)
    until = UUID(cursor["until"]) if cursor.get("until") else None
    return found if until is None else [one for one in found if one <= until]


def cursor_after(contact_ids: Sequence[ContactId], job: BackgroundJob) -> Document | None:
    """Where the next piece begins."""
    return {**(job.cursor or {}), "after": str(contact_ids[-1])} if contact_ids else job.cursor


async def _spans(unit: BulkUnit, total: int | None) -> Sequence[Document]:
    """Where lanes begin and end. Everybody stands in one of them."""
    if total is None or total < WORTH_LANES:
        return [{}]
    bounds = [None, *(str(one) for one in await unit.bulk_contacts.bounds(LANES)), None]
    return [{"after": first, "until": last} for first, last in pairwise(bounds)]


def _selection(meant: Meant) -> dict[str, Any]:
    """Raises InvalidField for too many, and unless they are meant in exactly one way."""
    if (meant.contact_ids is None) == (meant.matching is None):
        raise InvalidField("/contact_ids", "required", "Give either contact_ids or a filter.")
    if meant.matching is not None:
        require_findable(meant.matching)
        return {"filter": document_of(meant.matching)}
    named = dict.fromkeys(str(contact_id) for contact_id in meant.contact_ids or ())
    if len(named) > MOST_NAMED:
        text = f"Name at most {MOST_NAMED:,} contacts, or give a filter."
        raise InvalidField("/contact_ids", "too_many", text, maximum=MOST_NAMED)
    return {"contact_ids": list(named)}


def _counted(outcome: Outcome, dealt_with: int) -> Document:
    changed, left_out = len(outcome.kept), sum(outcome.left_out.values())
    unchanged = dealt_with - changed - left_out
    why = dict(Counter(outcome.left_out))
    return {"changed": changed, "unchanged": unchanged, "left_out": left_out, "reasons": why}
