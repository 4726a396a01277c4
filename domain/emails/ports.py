"""What sending and reading need: stores inside of a unit, and what the owner of an email does about its fate."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from domain.accounts.ports import Users
from domain.connections.model import Mailbox
from domain.contacts.ports import OptOutUnit
from domain.emails.hits import HitVerdict
from domain.emails.model import (
    Content,
    EmailMark,
    EmailRecord,
    EmailState,
    Hit,
    InboundMessage,
    Lease,
    Material,
    Opened,
    OutgoingEmail,
    Verdict,
    WaitingHit,
)
from domain.emails.threading import Clues, SentMessage
from domain.providers.mailbox import Draft, ProviderMailbox
from domain.providers.mailbox import SentMessage as Accepted
from domain.shared.ids import ContactId, EmailId, EnrollmentId, MailboxId, OrganizationId
from domain.shared.jobs import Jobs

# Bells, with the payload {"mailbox_id": …}: something is to be sent from, or read in, this mailbox.
SEND_MAILBOX = "send_mailbox"
READ_MAILBOX = "read_mailbox"

MailboxKey = tuple[OrganizationId, MailboxId]


class Reactions(Protocol):
    """What the owner of an email (a Salesflow) decides and does, always in the caller's transaction.

    `unit` is the caller's unit of work, which also has the owner's stores.
    """

    async def may_send(self, unit: Any, emails: Sequence[OutgoingEmail], now: datetime) -> Mapping[EmailId, Verdict]:
        """The last question before emails leave. Locks what could stop them, so that whoever commits first wins."""
        ...

    async def hold(self, unit: Any, emails: Sequence[OutgoingEmail]) -> None:
        """Locks what `sent`, `failed` and `needs_data` would change for these.

        Comes before the first write to an email in a unit that writes to one and then tells of it or of another:
        whoever ends a journey locks contacts and enrollments first, emails last.
        """
        ...

    async def sent(self, unit: Any, email: OutgoingEmail, at: datetime) -> None:
        """It has left, for certain. Told once."""
        ...

    async def failed(self, unit: Any, email: OutgoingEmail, reason: str) -> None:
        """It will never leave."""
        ...

    async def needs_data(self, unit: Any, email: OutgoingEmail, fields: Sequence[str]) -> None:
        """It cannot be written yet: the contact lacks these merge fields. The email stays until it is due again."""
        ...

    async def replied(self, unit: Any, email: OutgoingEmail, at: datetime) -> None: ...

    async def auto_replied(self, unit: Any, email: OutgoingEmail, at: datetime) -> None: ...

    async def out_of_office(self, unit: Any, email: OutgoingEmail, at: datetime, until: datetime | None) -> None: ...

    async def left_company(self, unit: Any, email: OutgoingEmail, at: datetime) -> None: ...

    async def bounced(self, unit: Any, email: OutgoingEmail, at: datetime, hard: bool) -> None: ...

    async def opted_out(self, unit: Any, contact_id: ContactId, at: datetime, email: OutgoingEmail | None) -> None: ...


class MailboxStore(Protocol):
    """Mailboxes as sending and reading see them. Leases run on the database's clock."""

    async def get(self, mailbox_id: MailboxId) -> Mailbox:
        """Raises NotFound."""
        ...

    async def lease(self, mailbox_id: MailboxId, seconds: float) -> Lease | None:
        """The right to send from it; None while another worker has it, and while nothing may leave."""
        ...

    async def hold(self, mailbox_id: MailboxId, fence: int, seconds: float) -> Mailbox:
        """Prolongs the lease and locks the mailbox until the unit ends. Raises LeaseLost."""
        ...

    async def release(self, mailbox_id: MailboxId, fence: int, *, tidy: bool) -> None:
        """Gives the lease back. Not `tidy`: something may have been left at the provider."""
        ...

    async def pace(self, mailbox_id: MailboxId, fence: int, seconds: float) -> None:
        """Nothing leaves for so long."""
        ...

    async def pause(self, mailbox_id: MailboxId, until: datetime, reason: str, *, throttles: int = 0) -> None:
        """Nothing leaves until then (system time), or longer if that was said before."""
        ...

    async def flows_again(self, mailbox_id: MailboxId) -> None:
        """An email has left: whatever was in the way is over."""
        ...

    async def was_read(
        self, mailbox_id: MailboxId, before: str | None, cursor: str | None, synced: datetime | None
    ) -> None:
        """Moves the cursor on, unless somebody else has. `synced`: all that came before is read; None: not yet."""
        ...

    async def read_later(self, mailbox_id: MailboxId, until: datetime) -> None:
        """It is not read before then (system time)."""
        ...


class SweptMailboxes(Protocol):
    """Mailboxes across organizations."""

    async def waiting_to_send(self, now: datetime, limit: int) -> Sequence[MailboxKey]:
        """Free ones with something to send, to look up or to clear away. `now` is business time."""
        ...

    async def claim_reading(self, now: datetime, every: timedelta, limit: int) -> Sequence[MailboxKey]:
        """Those that are to be read, not offered again for `every`. `now` is system time."""
        ...


class EmailStore(Protocol):
    """The emails of the unit's organization. Every change says which states it starts from and whether it was made."""

    async def get(self, email_id: EmailId) -> OutgoingEmail:
        """Raises NotFound."""
        ...

    async def lock(self, email_id: EmailId) -> OutgoingEmail:
        """As `get`. Of what has left, the email is locked first, its contact second, its enrollment last."""
        ...

    async def many(self, email_ids: Sequence[EmailId]) -> Sequence[OutgoingEmail]:
        """Those that exist, the longest due first."""
        ...

    async def record(self, email_id: EmailId) -> EmailRecord:
        """Raises NotFound."""
        ...

    async def due(self, mailbox_id: MailboxId, now: datetime, limit: int) -> Sequence[OutgoingEmail]:
        """Ready and drafted ones, the longest due first."""
        ...

    async def unsettled(self, mailbox_id: MailboxId, limit: int) -> Sequence[OutgoingEmail]:
        """Sending and unknown ones whose time to be looked up has come."""
        ...

    async def left_drafts(self, mailbox_id: MailboxId, limit: int) -> Sequence[OutgoingEmail]:
        """Cancelled and failed ones whose draft is still at the provider."""
        ...

    async def undrafted(self, mailbox_id: MailboxId, since: datetime, limit: int) -> Sequence[OutgoingEmail]:
        """Written ones without a known draft that wait, or were due `since` and must not leave; the latest first."""
        ...

    async def written(self, email_ids: Sequence[EmailId]) -> set[EmailId]:
        """Those whose content is fixed."""
        ...

    async def materials(self, email_ids: Sequence[EmailId]) -> Mapping[EmailId, Material]: ...

    async def fix_content(self, email: OutgoingEmail, content: Content) -> None: ...

    async def unwritten(self, email: OutgoingEmail) -> bool:
        """Forgets content and draft of what has not left: it is written anew."""
        ...

    async def mime(self, email_id: EmailId) -> bytes: ...

    async def follows_up(self, email: OutgoingEmail) -> bool:
        """Whether the contact was written to before in the same enrollment."""
        ...

    async def count_since(self, mailbox_id: MailboxId, since: datetime) -> int:
        """How many have left, or may have, since an instant of business time."""
        ...

    async def drafted(self, email: OutgoingEmail, draft: Draft) -> bool: ...

    async def draft_gone(self, email_id: EmailId, draft_id: str) -> None: ...

    async def sending(self, email: OutgoingEmail, fence: int, cursor: str | None, at: datetime, grace: float) -> bool:
        """Fixed before the provider is asked; looked up after `grace` seconds unless settled by then."""
        ...

    async def sending_again(self, email: OutgoingEmail, fence: int, grace: float) -> bool:
        """What is in doubt is given to the provider once more, by the same draft; since when it counts stays."""
        ...

    async def refused(self, email: OutgoingEmail) -> bool:
        """Proven not sent: back to drafted."""
        ...

    async def withdrawn(self, email: OutgoingEmail) -> bool:
        """Its draft was deleted before it could be sent: back to ready, as it was written."""
        ...

    async def unknown(self, email: OutgoingEmail, error: str, seconds: float) -> bool:
        """Looked up after so many seconds."""
        ...

    async def looked_up(self, email: OutgoingEmail, error: str, seconds: float) -> bool:
        """Looked up in vain; again after so many seconds."""
        ...

    async def needs_human(self, email: OutgoingEmail, error: str) -> bool: ...

    async def sent(self, email: OutgoingEmail, accepted: Accepted, at: datetime) -> bool:
        """True for the one who records it first, whatever was believed before."""
        ...

    async def said_to_be_sent(self, email: OutgoingEmail, at: datetime) -> bool:
        """What needs a human has left, as one says; where it is at the provider stays unknown."""
        ...

    async def said_not_to_be_sent(self, email: OutgoingEmail, error: str) -> bool:
        """What needs a human has not left, as one says, and never will."""
        ...

    async def names_message(self, email_id: EmailId, message_id: str) -> None: ...

    async def postponed(self, email: OutgoingEmail, until: datetime) -> bool: ...

    async def settled(self, email: OutgoingEmail, state: EmailState, error: str | None) -> bool:
        """Cancelled or failed, for good."""
        ...

    async def cancel_unsent(self, enrollment_ids: Sequence[EnrollmentId], reason: str) -> int:
        """Calls off what has not been given to the provider."""
        ...

    async def candidates(self, mailbox_id: MailboxId, clues: Clues) -> Sequence[SentMessage]:
        """Emails of the mailbox that left, or may have, which the message may answer."""
        ...

    async def mark(self, email_id: EmailId, mark: EmailMark, at: datetime) -> None:
        """Notes the first time."""
        ...


class InboundStore(Protocol):
    """What came back to the organization."""

    async def known(self, mailbox_id: MailboxId, provider_ids: Sequence[str]) -> set[str]: ...

    async def add(self, message: InboundMessage) -> bool:
        """False when it was recorded before."""
        ...


class HitStore(Protocol):
    """Visits of tracked addresses. `add` and `waiting` are for units across organizations."""

    async def add(self, hits: Sequence[Hit]) -> None:
        """Those of emails that exist."""
        ...

    async def waiting(self, settled: UUID) -> Mapping[OrganizationId, Sequence[UUID]]:
        """Some that nobody has judged: opens, and the clicks with ids below `settled`."""
        ...

    async def lock(self, ids: Sequence[UUID]) -> Sequence[WaitingHit]:
        """Those that nobody has judged and nobody else looks at. Their emails are locked as well."""
        ...

    async def clicks(self, email_ids: Sequence[EmailId], since: datetime, until: datetime) -> Sequence[Hit]: ...

    async def opened_since(self, email_ids: Sequence[EmailId], since: datetime) -> Sequence[Opened]: ...

    async def classified(self, verdicts: Mapping[UUID, HitVerdict], rule_version: int, now: datetime) -> None: ...

    async def seen(self, email_id: EmailId, *, opened: datetime | None, clicked: datetime | None) -> None:
        """Notes a person's first and last open, and first click."""
        ...


class PublicLinks(Protocol):
    """What public addresses need before an organization is known."""

    async def organization_of(self, email_id: EmailId) -> OrganizationId | None: ...

    async def url(self, email_id: EmailId, position: int) -> str | None:
        """Where a link leads: as it was stored when the email was written."""
        ...


class EmailsUnit(OptOutUnit, Protocol):
    """A transaction of one organization, as emails see it."""

    @property
    def emails(self) -> EmailStore: ...

    @property
    def mailboxes(self) -> MailboxStore: ...

    @property
    def inbound(self) -> InboundStore: ...

    @property
    def hits(self) -> HitStore: ...

    @property
    def users(self) -> Users: ...

    @property
    def jobs(self) -> Jobs: ...


class MailAccess(Protocol):
    """Opens mailboxes with the access that their users gave."""

    def open(self, mailbox: Mailbox) -> ProviderMailbox:
        """Nothing of another account that the user has connected since. What the provider refuses is marked as lost."""
        ...
