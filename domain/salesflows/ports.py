"""What Salesflows need from the outside."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.accounts.audit import AuditedUnit
from domain.accounts.ports import Organizations
from domain.activities.ports import ActivityLog
from domain.connections.model import Mailbox
from domain.contacts.fields import ContactFields
from domain.contacts.lists import ContactLists
from domain.contacts.ports import ContactStore, Suppressions
from domain.salesflows.due import Batch, DispatchSender, DispatchStep, DueEnrollment, StepKey
from domain.salesflows.model import (
    Enrollment,
    EnrollmentEntry,
    EnrollmentState,
    GateFacts,
    Salesflow,
    SalesflowDetail,
    SalesflowSummary,
    Step,
)
from domain.salesflows.stats import Stats
from domain.shared.ids import ContactId, EnrollmentId, SalesflowId, StepRunId, UserId
from domain.shared.jobs import Jobs
from domain.shared.paging import Page, PageRequest


class Salesflows(Protocol):
    """The Salesflows of the unit's organization and their steps."""

    async def add(self, salesflow: Salesflow) -> None: ...

    async def get(self, salesflow_id: SalesflowId, viewer: UserId | None = None) -> Salesflow:
        """Raises NotFound; with a viewer also when it is neither shared nor the viewer's in any way."""
        ...

    async def lock(self, salesflow_id: SalesflowId, viewer: UserId | None = None) -> Salesflow:
        """As `get`; nobody else changes it until the unit ends."""
        ...

    async def hold(self, salesflow_id: SalesflowId, viewer: UserId | None = None) -> Salesflow:
        """As `lock`, but any number may hold it at once."""
        ...

    async def save(self, salesflow: Salesflow) -> None:
        """Keeps a changed Salesflow under its next version. Raises VersionMismatch."""
        ...

    async def remove(self, salesflow_id: SalesflowId) -> None:
        """With its steps; there must be no enrollment."""
        ...

    async def has_enrollments(self, salesflow_id: SalesflowId) -> bool: ...

    async def page(self, page: PageRequest, viewer: UserId | None = None) -> Page[SalesflowSummary]:
        """Newest first; with a viewer those that this user may see. Raises InvalidCursor."""
        ...

    async def detail(self, salesflow_id: SalesflowId) -> SalesflowDetail:
        """Raises NotFound."""
        ...

    async def add_steps(self, salesflow_id: SalesflowId, revision: int, steps: Sequence[Step]) -> None: ...

    async def steps(self, salesflow_id: SalesflowId, revision: int) -> tuple[Step, ...]:
        """In order of position."""
        ...

    async def resume(self, salesflow_id: SalesflowId, paused_at: datetime, now: datetime) -> None:
        """After a pause: whoever waited waits for the rest of the delay, and emails that were held go on.

        A step that was planned during the pause is moved by the time since then. An enrollment that is held itself is
        moved by the time until its own hold alone; its own resuming gives the rest.
        """
        ...


class Enrollments(Protocol):
    """The enrollments of the unit's organization, their step runs, and what becomes of their emails.

    Whoever locks takes Salesflows first, contacts second and enrollments last, each in the order of their ids.
    """

    async def lock_contacts(self, contact_ids: Iterable[ContactId]) -> None: ...

    async def lock(self, enrollment_ids: Iterable[EnrollmentId]) -> dict[EnrollmentId, Enrollment]:
        """Together with their contacts."""
        ...

    async def lock_running(self, contact_ids: Iterable[ContactId]) -> Sequence[Enrollment]:
        """The active and paused enrollments of these contacts, together with the contacts. Of one that was merged into
        another by now, those of the other."""
        ...

    async def running_in(self, salesflow_id: SalesflowId, limit: int) -> Sequence[EnrollmentId]: ...

    async def running_of(
        self, contact_ids: Sequence[ContactId], salesflow_id: SalesflowId
    ) -> Mapping[ContactId, tuple[SalesflowId, str]]:
        """Through which Salesflow (and its name) these contacts run at the moment, this one before others."""
        ...

    async def add(self, enrollments: Sequence[Enrollment]) -> set[EnrollmentId]:
        """Those that were added; a contact who runs through the Salesflow already is left out."""
        ...

    async def save(self, enrollments: Sequence[Enrollment]) -> None: ...

    async def settle_run(self, step_run_id: StepRunId, state: str, at: datetime) -> bool:
        """The step run is done, failed or cancelled; False when that is known already."""
        ...

    async def cancel_emails(self, enrollment_ids: Sequence[EnrollmentId], reason: str, at: datetime) -> None:
        """Emails that are not with the provider yet will never be, and their step runs are cancelled."""
        ...

    async def release_emails(self, enrollment_ids: Sequence[EnrollmentId], due_at: datetime) -> None:
        """Emails that are not with the provider yet are looked at again then."""
        ...

    async def next_step(self, enrollment: Enrollment) -> Step | None:
        """The step behind the current one, of the enrollment's own revision."""
        ...

    async def gate_facts(self, enrollment_ids: Sequence[EnrollmentId]) -> Sequence[GateFacts]:
        """What decides whether the emails of these may leave, locked against change: nobody stops them meanwhile."""
        ...

    async def page(
        self,
        salesflow_id: SalesflowId,
        state: EnrollmentState | None,
        page: PageRequest,
        viewer: UserId | None = None,
        *,
        needs_human: bool = False,
    ) -> Page[EnrollmentEntry]:
        """Newest first; with a viewer those started by or for this user; those alone whose email needs a human.

        Raises InvalidCursor.
        """
        ...

    async def entry(self, enrollment_id: EnrollmentId) -> EnrollmentEntry:
        """Raises NotFound."""
        ...

    async def of_contact(self, contact_id: ContactId, viewer: UserId | None = None) -> Sequence[EnrollmentEntry]:
        """Newest first, at most 200; without the names of Salesflows that the viewer may not see."""
        ...

    async def lacking_data(self, contact_id: ContactId) -> Sequence[EnrollmentId]:
        """The enrollments of the contact that wait for merge fields."""
        ...


class SalesflowStats(Protocol):
    """Numbers of the unit's organization."""

    async def of(self, salesflow: Salesflow) -> Stats: ...


class Mailboxes(Protocol):
    """The mailboxes of the unit's organization."""

    async def of_user(self, user_id: UserId) -> Mailbox | None:
        """The one that is connected, or was until its access got lost."""
        ...


class SalesflowUnit(AuditedUnit, Protocol):
    """A transaction of one organization, as Salesflows see it."""

    @property
    def salesflows(self) -> Salesflows: ...

    @property
    def enrollments(self) -> Enrollments: ...

    @property
    def salesflow_stats(self) -> SalesflowStats: ...

    @property
    def contacts(self) -> ContactStore: ...

    @property
    def contact_lists(self) -> ContactLists: ...

    @property
    def contact_fields(self) -> ContactFields: ...

    @property
    def suppressions(self) -> Suppressions: ...

    @property
    def mailboxes(self) -> Mailboxes: ...

    @property
    def organizations(self) -> Organizations: ...

    @property
    def activities(self) -> ActivityLog: ...

    @property
    def jobs(self) -> Jobs: ...


class DispatchStore(Protocol):
    """Due steps of all organizations."""

    async def claim(self, now: datetime) -> Sequence[DueEnrollment]:
        """A batch of active enrollments that are due, oldest first, locked, but for those that another has."""
        ...

    async def senders(self, keys: Iterable[tuple[UUID, UUID]]) -> Mapping[tuple[UUID, UUID], DispatchSender]:
        """The senders by organization and user."""
        ...

    async def steps(self, keys: Iterable[StepKey]) -> Mapping[StepKey, DispatchStep]:
        """The steps that exist."""
        ...

    async def suppressed(self, addresses: Iterable[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
        """Those of the addresses (organization, normalised) that must not be written to."""
        ...

    async def record(self, batch: Batch, now: datetime) -> None:
        """All of it in one statement. A step that was executed before is left alone."""
        ...

    async def resume_due(self, now: datetime) -> int:
        """A batch of enrollments whose pause is over goes on. Says how many."""
        ...


class DispatchUnit(Protocol):
    """A transaction across organizations, as the dispatcher sees it."""

    @property
    def dispatch(self) -> DispatchStore: ...
