"""An outgoing email and its states, what comes back, and what is seen of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.connections.model import Mailbox
from domain.shared.errors import Conflict
from domain.shared.ids import (
    ContactId,
    EmailId,
    EnrollmentId,
    MailboxId,
    OrganizationId,
    SalesflowId,
    StepId,
    StepRunId,
    UserId,
    VariantId,
)


class EmailState(StrEnum):
    """Where an email stands. `sending` is committed before the provider is asked to send; what died there is looked up.

    ready → drafted → sending → sent, from the first two also cancelled and failed;
    sending → unknown → sent, drafted or ready (proven not sent) or needs_human, which a person ends as sent or failed.
    """

    READY = "ready"
    DRAFTED = "drafted"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    NEEDS_HUMAN = "needs_human"


class EmailMark(StrEnum):
    """What can come of an email; the first time is noted."""

    REPLIED = "replied_at"
    BOUNCED = "bounced_at"
    UNSUBSCRIBED = "unsubscribed_at"


class Settlement(StrEnum):
    """What a person found out about an email that needs one."""

    SENT = "sent"
    NOT_SENT = "not_sent"


# Not yet with the provider: these can still be called off.
STOPPABLE = (EmailState.READY, EmailState.DRAFTED)
# What counts against a mailbox's daily allowance.
COUNTED = (EmailState.SENDING, EmailState.UNKNOWN, EmailState.SENT, EmailState.NEEDS_HUMAN)


@dataclass(frozen=True, slots=True)
class OutgoingEmail:
    """An email to one contact, without its content. `due_at`, `sending_at`, `sent_at` are business time.

    `thread_id` and `message_id` are the provider's; `references` are the message ids that led to it.
    """

    organization_id: OrganizationId
    id: EmailId
    mailbox_id: MailboxId
    user_id: UserId
    contact_id: ContactId
    send_key: str
    state: EmailState
    due_at: datetime
    salesflow_id: SalesflowId | None = None
    enrollment_id: EnrollmentId | None = None
    step_run_id: StepRunId | None = None
    step_id: StepId | None = None
    variant_id: VariantId | None = None
    fence: int = 0
    subject: str | None = None
    to_address: str | None = None
    from_address: str | None = None
    draft_id: str | None = None
    cursor_before: str | None = None
    sending_at: datetime | None = None
    checks: int = 0
    sent_at: datetime | None = None
    provider_message_id: str | None = None
    thread_id: str | None = None
    message_id: str | None = None
    references: tuple[str, ...] = ()


class LeaseLost(Conflict):
    """Another worker owns the mailbox by now: whoever learns this stops, and writes nothing."""

    code = "lease_lost"

    def __init__(self) -> None:
        super().__init__("Another worker has taken over.")


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one worker to send from a mailbox. `abandoned` when the holder before did not give it back."""

    mailbox: Mailbox
    fence: int
    abandoned: bool


@dataclass(frozen=True, slots=True)
class Go:
    """The email may leave now."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """The email must never leave."""

    reason: str


@dataclass(frozen=True, slots=True)
class Postpone:
    """The email may not leave before `until` (business time)."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The email was written to an address that its contact has no more: it is written anew, and asked about again."""


Verdict = Go | Cancel | Postpone | Rewrite
GO = Go()


@dataclass(frozen=True, slots=True)
class EmailRecord:
    """An email as it is shown to the people of its organization."""

    id: EmailId
    user_id: UserId
    contact_id: ContactId
    state: EmailState
    subject: str | None
    html: str | None
    text: str | None
    from_address: str | None
    to_address: str | None
    sent_at: datetime | None
    opens: int
    clicks: int
    error: str | None


class InboundKind(StrEnum):
    """What a message that came back was taken for."""

    REPLY = "reply"
    AUTO_REPLY = "auto_reply"
    OUT_OF_OFFICE = "out_of_office"
    BOUNCE = "bounce"
    DELAY = "delay"
    OPT_OUT = "opt_out"


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A message that answers an email of ours."""

    mailbox_id: MailboxId
    provider_message_id: str
    kind: InboundKind
    email_id: EmailId
    from_address: str
    subject: str
    text: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Hit:
    """A visit of a tracked address, as it came in. `at` is business time."""

    email_id: EmailId
    kind: str
    at: datetime
    method: str
    user_agent: str
    address: str
    prefetch: bool = False
    link_position: int | None = None


@dataclass(frozen=True, slots=True)
class WaitingHit:
    """A visit that nobody has judged yet, with what is needed to: when the email left, whose it is, where it led."""

    id: UUID
    hit: Hit
    sent_at: datetime
    contact_id: ContactId
    user_id: UserId
    salesflow_id: SalesflowId | None
    enrollment_id: EnrollmentId | None
    url: str | None
    link_text: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """An open that the timeline shows already. `by`: person or machine."""

    email_id: EmailId
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """The email before in the same enrollment. `same_mailbox`: only then can it be answered in its thread."""

    email_id: EmailId
    subject: str
    provider_message_id: str | None
    thread_id: str | None
    message_id: str | None
    references: tuple[str, ...]
    same_mailbox: bool


@dataclass(frozen=True, slots=True)
class Material:
    """What an email is written from: the template, the values for its merge fields, what it answers, how it ends.

    `signature` is HTML and no template.
    """

    email: OutgoingEmail
    subject_template: str
    body_template: str
    is_reply: bool
    values: Mapping[str, Mapping[str, str | None]]
    recipient_name: str
    recipient_address: str
    sender_name: str
    sender_address: str
    organization_name: str
    postal_address: str
    before: Answered | None
    signature: str = ""
    sender_culture: str = "en"


@dataclass(frozen=True, slots=True)
class Content:
    """What an email says, written once and then fixed. `mime` is what leaves; `html` and `text` are for the record.

    `links` are (address, text) by position; `thread_id` is the thread that it is to join.
    """

    subject: str
    html: str
    text: str
    mime: bytes
    to_address: str
    from_address: str
    references: tuple[str, ...] = ()
    thread_id: str | None = None
    links: tuple[tuple[str, str], ...] = ()
