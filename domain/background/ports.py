"""What background work needs from the outside, and what a kind of work gives it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar, runtime_checkable
from uuid import UUID

from domain.background.model import BackgroundJob, Changes, Document, Progress
from domain.shared.files import FileStore
from domain.shared.ids import BackgroundJobId, ContactId, OrganizationId, UserId
from domain.shared.jobs import Jobs
from domain.shared.paging import Page, PageRequest

U_contra = TypeVar("U_contra", contravariant=True)


class BackgroundJobs(Protocol):
    """The background jobs of the unit's organization. Leases run on the database's clock."""

    async def add(self, job: BackgroundJob) -> None: ...

    async def get(self, job_id: BackgroundJobId) -> BackgroundJob:
        """Raises NotFound."""
        ...

    async def look(self, job_id: BackgroundJobId) -> BackgroundJob:
        """As `get`, but for the `contact_ids` that its spec may name by the thousands."""
        ...

    async def lock(self, job_id: BackgroundJobId) -> BackgroundJob:
        """As `look`; nobody else changes it until the unit ends."""
        ...

    async def page(self, user_id: UserId, page: PageRequest) -> Page[BackgroundJob]:
        """The user's as `look` shows them, newest first. Raises InvalidCursor."""
        ...

    async def claim(
        self, job_id: BackgroundJobId, kinds: Collection[str], now: datetime, lease_seconds: float
    ) -> int | None:
        """The fence of a job of these kinds that is open and nobody else's: only who has the newest one can write.

        None while another has it, and when it is over.
        """
        ...

    async def hold(self, job_id: BackgroundJobId, fence: int, lease_seconds: float) -> None:
        """The lease begins anew. Raises LeaseLost."""
        ...

    async def progress(self, job: BackgroundJob, fence: int, lease_seconds: float) -> None:
        """Keeps how far the job is, or how it ended; the lease begins anew. Raises LeaseLost."""
        ...

    async def release(self, job_id: BackgroundJobId, fence: int) -> None:
        """Anybody may go on. Nothing happens when the fence is gone."""
        ...

    async def turn(self, job: BackgroundJob) -> None:
        """Keeps a job that is locked and was stopped, or begins to be taken back. Whoever is at it has lost it."""
        ...

    async def open_ones(self, kinds: Collection[str], limit: int) -> Sequence[tuple[OrganizationId, BackgroundJobId]]:
        """Jobs of these kinds that are open and nobody's, the longest waiting first. For units across organizations."""
        ...


class JobChanges(Protocol):
    """What the pieces of jobs changed, until it is taken back or too old for that."""

    async def add(self, job: BackgroundJob, at: datetime, kept: Mapping[ContactId, UUID | None]) -> None:
        """In the transaction that changes the contacts."""
        ...

    async def first(self, job: BackgroundJob) -> Changes | None:
        """Of the first piece of the job's lane of which there is anything left."""
        ...

    async def remove(self, job: BackgroundJob, changes: Changes) -> None:
        """They were taken back, or cannot be."""
        ...


class BackgroundUnit(Protocol):
    """A transaction of one organization, as background work sees it."""

    @property
    def background_jobs(self) -> BackgroundJobs: ...

    @property
    def files(self) -> FileStore: ...

    @property
    def jobs(self) -> Jobs: ...


class Bells(Protocol):
    """Tells whoever looks at a user's things that there is something new. Any bell may get lost."""

    async def ring(self, user_ids: Iterable[UserId]) -> None:
        """Raises nothing."""
        ...

    def listening(self, user_id: UserId, rung: Callable[[], None]) -> AbstractContextManager[None]:
        """While the context lasts, `rung` is called for every bell of the user."""
        ...


class Piecework(Protocol[U_contra]):
    """How a kind of job is done. A piece takes a second or less, so that people see it go on and can stop it.

    Each is one transaction, which keeps where the next one begins too: whoever dies in it leaves nothing of it.
    """

    async def piece(self, unit: U_contra, job: BackgroundJob) -> Progress:
        """Does what comes next. An error of the domain ends the job as failed."""
        ...


@runtime_checkable
class Undoable(Protocol[U_contra]):
    """A kind of work that can be taken back, piece by piece as well."""

    async def undo_piece(self, unit: U_contra, job: BackgroundJob) -> Progress:
        """Takes back what comes next, but for what somebody has changed since."""
        ...


@runtime_checkable
class InLanes(Protocol):
    """A kind of work of which several pieces can be done at once, each in its lane, in transactions of their own.

    No two lanes change the same rows.
    """

    async def lanes(self, unit: Any, job: BackgroundJob) -> tuple[Sequence[Document], int | None]:
        """Where each lane begins, forwards or back, and how much there is to do in all, if that is known."""
        ...


AnyPiecework = Piecework[Any]
