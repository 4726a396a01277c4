"""What follows from a message that answers an email: one transaction for the record and all its consequences."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from domain.activities.model import Activity, ActivityType
from domain.connections.model import Mailbox
from domain.contacts.bouncing import mark_bounced
from domain.contacts.opting_out import opt_out
from domain.emails.bounces import Bounce, BounceKind
from domain.emails.inbound import (
    AutomaticAnswer,
    Inbound,
    OutOfOffice,
    OwnMessage,
    ReceivedMessage,
    UnsubscribeRequest,
    classify_message,
)
from domain.emails.model import EmailMark, InboundKind, InboundMessage, OutgoingEmail
from domain.emails.out_of_office import Absence
from domain.emails.ports import EmailsUnit, Reactions
from domain.emails.threading import Match, MatchedBy
from domain.providers.mailbox import MessageHeaders
from domain.shared.clock import Clock
from domain.shared.ids import EmailId
from domain.shared.units import Units, repeated

log = structlog.get_logger(__name__)

LONGEST_TEXT = 10_000
LONGEST_SHOWN = 2_000
# The receivers' side refuses this sender: the contact is not to blame, and more mail makes it worse.
BLOCKED_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Answer:
    """A message, the email that it answers, and when it came."""

    email: OutgoingEmail
    received: ReceivedMessage
    at: datetime

    def activity(self, type_: ActivityType, **detail: str | None) -> Activity:
        return Activity(
            type=type_,
            at=self.at,
            contact_id=self.email.contact_id,
            user_id=self.email.user_id,
            salesflow_id=self.email.salesflow_id,
            enrollment_id=self.email.enrollment_id,
            email_id=self.email.id,
            detail=detail,
        )


class _KnownError(Exception):
    """The message was recorded before: nothing of this unit stays."""


class Answering:
    """Locks mailbox, email, contact, enrollments: the order that everybody keeps."""

    def __init__(self, units: Units[EmailsUnit], reactions: Reactions, clock: Clock) -> None:
        self._units = units
        self._reactions = reactions
        self._clock = clock

    async def record(self, mailbox: Mailbox, headers: MessageHeaders, received: ReceivedMessage, match: Match) -> bool:
        """Records the message and acts on it. False when that was done before, or when it is the user's own."""
        kind = classify_message(received, [mailbox.address], headers.received_at)
        if isinstance(kind, OwnMessage):
            return False
        try:
            await repeated(lambda: self._record(mailbox, headers, received, match, kind))
        except _KnownError:
            return False
        log.info("answered", email_id=str(match.email_id), kind=_kind(kind).value)
        return True

    async def _record(
        self, mailbox: Mailbox, headers: MessageHeaders, received: ReceivedMessage, match: Match, kind: Inbound
    ) -> None:
        at = min(headers.received_at, self._clock.now())
        async with self._units.of(mailbox.organization_id) as unit:
            if _blocks_sender(kind, match):
                until = self._clock.system() + BLOCKED_FOR
                code = kind.code if isinstance(kind, Bounce) else None
                await unit.mailboxes.pause(mailbox.id, until, f"blocked {code or ''}".strip())
            email = await unit.emails.lock(EmailId(match.email_id))
            if email.to_address is None:
                # Whoever it went to was erased since: nothing new is kept of them.
                raise _KnownError
            if not await unit.inbound.add(_message(mailbox, headers, received, email, kind)):
                raise _KnownError
            await self._act(unit, _Answer(email, received, at), kind)

    async def _act(self, unit: EmailsUnit, answer: _Answer, kind: Inbound) -> None:
        match kind:
            case Bounce():
                await self._bounced(unit, answer, kind)
            case AutomaticAnswer():
                await self._reactions.auto_replied(unit, answer.email, answer.at)
                await self._log(unit, answer, ActivityType.EMAIL_AUTO_REPLIED, kind="auto_reply")
            case OutOfOffice(absence) if absence.left:
                await self._reactions.left_company(unit, answer.email, answer.at)
                await self._log(unit, answer, ActivityType.EMAIL_AUTO_REPLIED, kind="left", until=None)
            case OutOfOffice(absence):
                await self._away(unit, answer, absence)
            case UnsubscribeRequest():
                await self._leaves(unit, answer)
                await self._replied(unit, answer)
            case _:
                await self._replied(unit, answer)

    async def _replied(self, unit: EmailsUnit, answer: _Answer) -> None:
        await self._reactions.replied(unit, answer.email, answer.at)
        await unit.emails.mark(answer.email.id, EmailMark.REPLIED, answer.at)
        text = answer.received.reply_text or answer.received.text
        await self._log(unit, answer, ActivityType.EMAIL_REPLIED, text=text[:LONGEST_SHOWN])

    async def _leaves(self, unit: EmailsUnit, answer: _Answer) -> None:
        """Who asks in words to be left alone is left alone at once."""
        email = answer.email
        await opt_out(
            unit,
            email.contact_id,
            answer.at,
            address=email.to_address,
            email_id=email.id,
            salesflow_id=email.salesflow_id,
            user_id=email.user_id,
        )
        await self._reactions.opted_out(unit, email.contact_id, answer.at, email)
        await unit.emails.mark(email.id, EmailMark.UNSUBSCRIBED, answer.at)

    async def _away(self, unit: EmailsUnit, answer: _Answer, absence: Absence) -> None:
        until = None
        if absence.back_on:
            sender = (await unit.users.senders([answer.email.user_id]))[answer.email.user_id]
            until = datetime.combine(absence.back_on, time(), ZoneInfo(sender.time_zone))
        await self._reactions.out_of_office(unit, answer.email, answer.at, until)
        await self._log(
            unit,
            answer,
            ActivityType.EMAIL_AUTO_REPLIED,
            kind="out_of_office",
            until=absence.back_on.isoformat() if absence.back_on else None,
        )

    async def _bounced(self, unit: EmailsUnit, answer: _Answer, bounce: Bounce) -> None:
        """A delay is only noted: the server goes on trying."""
        if bounce.kind is BounceKind.DELAYED:
            return
        email, hard = answer.email, bounce.kind is BounceKind.HARD
        if hard:
            await mark_bounced(unit, email.contact_id, email.to_address or "")
        await self._reactions.bounced(unit, email, answer.at, hard)
        if hard:
            await unit.emails.mark(email.id, EmailMark.BOUNCED, answer.at)
        await self._log(
            unit,
            answer,
            ActivityType.EMAIL_FAILED,
            bounce="hard" if hard else "soft",
            code=bounce.code,
            reason=bounce.reason,
        )

    async def _log(self, unit: EmailsUnit, answer: _Answer, type_: ActivityType, **detail: str | None) -> None:
        await unit.activities.append([answer.activity(type_, **detail)])


def _blocks_sender(kind: Inbound, match: Match) -> bool:
    """Who can make a whole mailbox pause must at least know the id of an email that left it."""
    return isinstance(kind, Bounce) and kind.kind is BounceKind.BLOCK and match.by is MatchedBy.HEADERS


def _kind(kind: Inbound) -> InboundKind:
    match kind:
        case Bounce(kind=BounceKind.DELAYED):
            return InboundKind.DELAY
        case Bounce():
            return InboundKind.BOUNCE
        case AutomaticAnswer():
            return InboundKind.AUTO_REPLY
        case OutOfOffice():
            return InboundKind.OUT_OF_OFFICE
        case UnsubscribeRequest():
            return InboundKind.OPT_OUT
        case _:
            return InboundKind.REPLY


def _message(
    mailbox: Mailbox, headers: MessageHeaders, received: ReceivedMessage, email: OutgoingEmail, kind: Inbound
) -> InboundMessage:
    return InboundMessage(
        mailbox_id=mailbox.id,
        provider_message_id=headers.id,
        kind=_kind(kind),
        email_id=email.id,
        from_address=received.sender,
        subject=received.subject,
        text=received.text[:LONGEST_TEXT],
        received_at=headers.received_at,
    )
