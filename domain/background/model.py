"""A background job and what can become of it. People call it a job; `domain.shared.jobs` are bells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.shared.errors import Conflict, NotAllowedInState
from domain.shared.ids import BackgroundJobId, ContactId, FileId, OrganizationId, UserId

# Plain JSON: what a job is about, where its next piece begins, what has come of it.
Document = Mapping[str, Any]

# For so long a job can be taken back, and what it would take is kept.
UNDO_WITHIN = timedelta(days=30)


class LeaseLost(Conflict):
    """The job is somebody else's by now, or over: whoever learns this stops, and nothing of the piece is kept."""

    code = "job_lost"

    def __init__(self) -> None:
        super().__init__("Another worker has taken over, or the job was stopped.")


class JobState(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"


OPEN = (JobState.QUEUED, JobState.RUNNING, JobState.UNDOING)
# What ended before its time has changed something too.
UNDOABLE = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Progress:
    """What a piece has done, given to be kept with it.

    `done_delta` more are dealt with and the next piece begins at `cursor`; `result` is all that has come of the job so
    far. `total` where it became known, else None.
    """

    cursor: Document | None
    done_delta: int
    result: Document
    finished: bool = False
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a piece changed at a time: the contacts, each with the id that was kept to take it back, if one is needed.

    It is that of what stood there before, or of what was made.
    """

    id: UUID
    at: datetime
    kept: Mapping[ContactId, UUID | None]


@dataclass(frozen=True, slots=True)
class BackgroundJob:
    """`spec` says what is to be done and never changes. `cursor` is where the next piece begins, None before the first.

    `done` of `total` (None until it is known) tells how far it is, while it is taken back how far that is. A job may go
    on in several lanes at once; a piece sees the cursor and the result of its own `lane`.
    """

    organization_id: OrganizationId
    id: BackgroundJobId
    user_id: UserId | None
    kind: str
    spec: Document
    created_at: datetime
    state: JobState = JobState.QUEUED
    cursor: Document | None = None
    done: int = 0
    total: int | None = None
    result: Document = field(default_factory=dict)
    error: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    undone_at: datetime | None = None
    lane: int = 0

    @property
    def is_open(self) -> bool:
        """Somebody is at it, or will be."""
        return self.state in OPEN

    @property
    def file_id(self) -> FileId | None:
        """The file that it made, once it is done."""
        named = self.result.get("file_id") if self.state is JobState.DONE else None
        return FileId(UUID(named)) if named else None

    def may_be_undone(self, now: datetime) -> bool:
        """Whether it is over, was not taken back, and is not too old for it."""
        return self.state in UNDOABLE and self.finished_at is not None and now <= self.finished_at + UNDO_WITHIN

    def cancelled(self, now: datetime) -> "BackgroundJob":
        """As it stops where it is; may be repeated. Raises NotAllowedInState when it is over or being taken back."""
        if self.state is JobState.CANCELLED:
            return self
        if self.state not in (JobState.QUEUED, JobState.RUNNING):
            raise NotAllowedInState("Only what is still being done can be stopped.", "job_not_running")
        return replace(self, state=JobState.CANCELLED, finished_at=now)

    def undoing(self, now: datetime) -> "BackgroundJob":
        """As it begins to be taken back; may be repeated. Raises NotAllowedInState while it runs and after 30 days."""
        if self.state in (JobState.UNDOING, JobState.UNDONE):
            return self
        if not self.may_be_undone(now):
            raise NotAllowedInState("This can't be taken back now.", "job_not_undoable")
        return replace(self, state=JobState.UNDOING, cursor=None, done=0, total=self.done, error=None)

    def failed(self, error: str, now: datetime) -> "BackgroundJob":
        """As it went wrong; `error` is a stable code. What could not be taken back as a whole can be tried again."""
        return replace(self, state=JobState.FAILED, error=error, finished_at=self.finished_at or now)

    def split(self, cursors: Sequence[Document], total: int | None = None) -> "BackgroundJob":
        """As it goes on in lanes, each from its cursor."""
        lanes = [{"cursor": cursor, "result": {}, "over": False} for cursor in cursors]
        return replace(self, cursor={"lanes": lanes, "before": self.result}, total=total or self.total)

    @property
    def open_lanes(self) -> Sequence[int]:
        """Those that are not through. A job that was not split has one."""
        if not self._is_split:
            return [0]
        return [number for number, lane in enumerate(self._lanes) if not lane["over"]]

    def in_lane(self, number: int) -> "BackgroundJob":
        """As a piece of the lane sees it."""
        if not self._is_split:
            return self
        lane = self._lanes[number]
        return replace(self, lane=number, cursor=lane["cursor"], result=lane["result"])

    def after(self, piece: Progress, lane: int, now: datetime) -> "BackgroundJob":
        """As one more piece of a lane is done, forwards or back, which may have been the last."""
        total = self.total if piece.total is None else piece.total
        further = replace(self._with(piece, lane), done=self.done + piece.done_delta, total=total)
        if further.open_lanes if self._is_split else not piece.finished:
            return further
        if self.state is JobState.UNDOING:
            return replace(further, state=JobState.UNDONE, total=further.done, undone_at=now)
        return replace(further, state=JobState.DONE, total=further.done, finished_at=now)

    def _with(self, piece: Progress, number: int) -> "BackgroundJob":
        if not self._is_split:
            return replace(self, cursor=piece.cursor, result=piece.result)
        lanes = list(self._lanes)
        lanes[number] = {"cursor": piece.cursor, "result": piece.result, "over": piece.finished}
        before: Document = self.cursor["before"] if self.cursor else {}
        result = joined(before, *(lane["result"] for lane in lanes))
        return replace(self, cursor={"lanes": lanes, "before": before}, result=result)

    @property
    def _is_split(self) -> bool:
        return self.cursor is not None and "lanes" in self.cursor

    @property
    def _lanes(self) -> Sequence[Document]:
        lanes: Sequence[Document] = self.cursor["lanes"] if self.cursor else ()
        return lanes


def joined(*results: Document) -> dict[str, Any]:
    """Of several lanes together: numbers add up, in whatever depth."""
    found: dict[str, Any] = {}
    for result in results:
        for name, value in result.items():
            found[name] = _sum(found[name], value) if name in found else value
    return found


def _sum(one: Any, other: Any) -> Any:
    if isinstance(one, Mapping):
        return joined(one, other)
    return one + other if isinstance(one, int) else other
