"""A Salesflow, its steps, and a contact's journey through it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.salesflows.delays import Delay
from domain.shared.errors import Forbidden, NotAllowedInState
from domain.shared.ids import (
    ContactId,
    EmailId,
    EnrollmentId,
    SalesflowId,
    StepId,
    UserId,
    VariantId,
)
from domain.shared.principal import Principal


class SalesflowState(StrEnum):
    """Drafts are written, active ones send, paused ones hold everybody where they are, archived ones are over."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ARCHIVED = "archived"


class Thread(StrEnum):
    """Whether an email begins a conversation or answers in the one of the email before."""

    NEW = "new"
    REPLY = "reply"


class EnrollmentState(StrEnum):
    """A journey goes on, is held, or is over; over is for good."""

    ACTIVE = "active"
    PAUSED = "paused"
    FINISHED = "finished"


RUNNING = (EnrollmentState.ACTIVE, EnrollmentState.PAUSED)


class FinishReason(StrEnum):
    """Why a journey is over."""

    COMPLETED = "completed"
    REPLIED = "replied"
    OPTED_OUT = "opted_out"
    BOUNCED = "bounced"
    LEFT_COMPANY = "left_company"
    SUPPRESSED = "suppressed"
    NO_EMAIL = "no_email"
    CONTACT_DELETED = "contact_deleted"
    MERGED = "merged"
    ARCHIVED = "archived"
    FAILED = "failed"
    MANUAL = "manual"


class PauseReason(StrEnum):
    """Why a journey is held."""

    MANUAL = "manual"
    OUT_OF_OFFICE = "out_of_office"
    NEEDS_DATA = "needs_data"
    SENDER_LEFT = "sender_left"


class WaitingReason(StrEnum):
    """Why nothing happens to a journey at the moment."""

    START_TIME = "start_time"
    DELAY = "delay"
    BUSINESS_HOURS = "business_hours"
    MAILBOX = "mailbox"
    MAILBOX_LIMIT = "mailbox_limit"
    SALESFLOW_PAUSED = "salesflow_paused"
    ORGANIZATION_PAUSED = "organization_paused"
    OUT_OF_OFFICE = "out_of_office"
    NEEDS_DATA = "needs_data"
    SENDER_LEFT = "sender_left"
    MANUAL = "manual"
    SENDING = "sending"
    NEEDS_HUMAN = "needs_human"


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording of a step; contacts are split among the variants by weight."""

    id: VariantId
    weight: int
    subject: str
    body_html: str


@dataclass(frozen=True, slots=True)
class Step:
    """An automatic email, some time after the step before. Never changed: editing makes a new revision of all steps."""

    id: StepId
    position: int
    delay: Delay
    thread: Thread
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class Salesflow:
    """An ordered list of steps. `revision` counts the versions of its steps; 0 has none."""

    id: SalesflowId
    name: str
    state: SalesflowState
    owner_id: UserId | None
    shared: bool
    created_at: datetime
    updated_at: datetime
    revision: int = 0
    paused_at: datetime | None = None
    version: int = 1

    def require_editor(self, principal: Principal) -> None:
        """Raises Forbidden for whoever is neither the owner nor an Administrator."""
        if not principal.is_administrator and principal.user_id != self.owner_id:
            raise Forbidden("Only the owner of a Salesflow and Administrators can change it.", "salesflow_not_own")

    def activated(self, now: datetime) -> "Salesflow":
        """The Salesflow as it sends. Raises NotAllowedInState without steps and for an archived one."""
        if self.state is SalesflowState.ARCHIVED:
            raise NotAllowedInState("An archived Salesflow can't be activated.", "salesflow_archived")
        if self.revision == 0:
            raise NotAllowedInState("Add a step before activating the Salesflow.", "salesflow_empty")
        return replace(self, state=SalesflowState.ACTIVE, paused_at=None, updated_at=now)

    def paused(self, now: datetime) -> "Salesflow":
        """The Salesflow as it holds everybody. Raises NotAllowedInState unless it is active or paused already."""
        if self.state is SalesflowState.PAUSED:
            return self
        if self.state is not SalesflowState.ACTIVE:
            raise NotAllowedInState("Only an active Salesflow can be paused.", "salesflow_not_active")
        return replace(self, state=SalesflowState.PAUSED, paused_at=now, updated_at=now)

    def archived(self, now: datetime) -> "Salesflow":
        """The Salesflow as it is over; may be repeated."""
        return replace(self, state=SalesflowState.ARCHIVED, paused_at=None, updated_at=now)

    def require_unarchived(self) -> None:
        """Raises NotAllowedInState for an archived Salesflow, which stays as it is."""
        if self.state is SalesflowState.ARCHIVED:
            raise NotAllowedInState("An archived Salesflow can't be changed.", "salesflow_archived")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many contacts are where, how many emails left and were replied to, and how many need a human."""

    enrolled: int = 0
    active: int = 0
    paused: int = 0
    finished: int = 0
    sent: int = 0
    replied: int = 0
    needs_human: int = 0


@dataclass(frozen=True, slots=True)
class SalesflowSummary:
    """A Salesflow as lists show it."""

    salesflow: Salesflow
    owner_name: str | None
    steps_count: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class SalesflowDetail:
    """A Salesflow as its page shows it: with the current steps."""

    summary: SalesflowSummary
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Enrollment:
    """One contact's journey through one Salesflow on behalf of one user, by the steps of one revision.

    `position` is the step that comes next or is under way. `due_at` is when it comes: None while it is under way, and
    while the Salesflow is paused (then `held_due_at` keeps it). `waiting` says why it is not earlier. `counted_from` is
    when its delay began, as if nothing had been held since; None where that was not noted.
    """

    id: EnrollmentId
    salesflow_id: SalesflowId
    revision: int
    contact_id: ContactId
    user_id: UserId
    started_by: UserId
    state: EnrollmentState
    started_at: datetime
    position: int = 1
    reason: str | None = None
    due_at: datetime | None = None
    waiting: WaitingReason | None = None
    held_due_at: datetime | None = None
    missing_fields: tuple[str, ...] = ()
    paused_at: datetime | None = None
    resume_at: datetime | None = None
    start_at: datetime | None = None
    counted_from: datetime | None = None
    finished_at: datetime | None = None

    @property
    def is_running(self) -> bool:
        return self.state is not EnrollmentState.FINISHED


@dataclass(frozen=True, slots=True)
class EmailUnderWay:
    """The email of an enrollment's current step, while it has not left."""

    id: EmailId
    state: str
    due_at: datetime
    mailbox_state: str

    @property
    def needs_human(self) -> bool:
        return self.state == "needs_human"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a journey does not move, until when if that is known, and which fields it lacks."""

    reason: WaitingReason
    until: datetime | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EnrollmentEntry:
    """An enrollment as lists show it. `salesflow_name` is None where the Salesflow is not the viewer's to see."""

    enrollment: Enrollment
    salesflow_name: str | None
    salesflow_state: SalesflowState
    steps_count: int
    contact_name: str
    contact_email: str | None
    contact_company: str | None
    user_name: str
    under_way: EmailUnderWay | None = None
    waiting: Waiting | None = None

    @property
    def email_to_settle(self) -> EmailId | None:
        """The email of which only a person can tell whether it has left, also of a journey that is held or over."""
        return self.under_way.id if self.under_way and self.under_way.needs_human else None


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What decides whether the email of an enrollment may leave."""

    enrollment: Enrollment
    salesflow_state: SalesflowState
    email_key: str
    email_state: str
    opted_out: bool
    deleted: bool
    organization_paused: bool
