"""Which email of ours a message that came in answers."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from uuid import UUID

from domain.emails.header_text import clean_header

SAME_SUBJECT_WITHIN = timedelta(days=30)
# What names more than these is no answer to anybody.
MOST_IDS = 50

# Re and Fwd as mail programs write them: English, German, Nordic, Dutch, Polish, Turkish, Romance languages, Chinese,
# Japanese, Korean; with a counter (`Re[2]:`, `Re(2):`) and with the wide colon of East Asia.
_PREFIX = re.compile(
    r"\s*(?:re|aw|sv|vs|antw|odp|ynt|ref|rif|ris|res|r|fwd?|wg|vb|vl|doorst|tr|rv|enc|i|pd|ilt"
    r"|回复|回覆|答复|答覆|转发|轉寄|返信|転送|회신|전달)"
    r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*[:：]",
    re.IGNORECASE,
)
_MOST_PREFIXES = 20


class MatchedBy(StrEnum):
    """How sure a match is, the surest first."""

    HEADERS = "headers"
    THREAD = "thread"
    SENDER = "sender"


@dataclass(frozen=True, slots=True)
class SentMessage:
    """An email that left. `message_ids` are all by which it is known: the provider's and our own."""

    email_id: UUID
    message_ids: tuple[str, ...]
    thread_id: str | None
    recipient: str
    subject: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Clues:
    """What a message tells about the email that it answers.

    `message_ids` in the order in which they are believed (In-Reply-To, then References from the last), `thread_id` the
    provider's, `address` the person's. `subject` None: any subject will do, as for a bounce, whose address is the
    recipient that failed.
    """

    message_ids: tuple[str, ...]
    thread_id: str | None
    address: str
    subject: str | None
    at: datetime
    within: timedelta = SAME_SUBJECT_WITHIN


@dataclass(frozen=True, slots=True)
class Match:
    """The email that was answered, and by what it was found."""

    email_id: UUID
    by: MatchedBy


def thread_subject(subject: str) -> str:
    """The subject with which a thread began, without any number of Re and Fwd in whatever language."""
    rest = clean_header(subject)
    for _ in range(_MOST_PREFIXES):
        prefix = _PREFIX.match(rest)
        if not prefix:
            break
        rest = rest[prefix.end() :]
    return rest.strip()


def normalised_subject(subject: str) -> str:
    """As `thread_subject`, folded for comparison."""
    return " ".join(thread_subject(subject).casefold().split())


def believed_ids(in_reply_to: Iterable[str], references: Sequence[str]) -> tuple[str, ...]:
    """Message ids in the order in which they are believed, each once, at most MOST_IDS."""
    return tuple(islice(dict.fromkeys([*in_reply_to, *reversed(references)]), MOST_IDS))


def match_sent(clues: Clues, sent: Sequence[SentMessage], own_addresses: Collection[str] = ()) -> Match | None:
    """The email among `sent` (those of one mailbox) that is answered, None when there is no telling.

    The first kind of evidence that hits decides; among several emails the latest one does. A thread or a sender proves
    nothing about a message that the mailbox's owner wrote himself.
    """
    for message_id in clues.message_ids:
        if found := _latest(email for email in sent if message_id in email.message_ids):
            return Match(found.email_id, MatchedBy.HEADERS)
    if _same_address(clues.address, own_addresses):
        return None
    if clues.thread_id and (found := _latest(email for email in sent if email.thread_id == clues.thread_id)):
        return Match(found.email_id, MatchedBy.THREAD)
    if found := _latest(email for email in sent if _from_recipient(clues, email)):
        return Match(found.email_id, MatchedBy.SENDER)
    return None


def _from_recipient(clues: Clues, email: SentMessage) -> bool:
    if not clues.address or not _same_address(clues.address, [email.recipient]):
        return False
    if not timedelta() <= clues.at - email.sent_at <= clues.within:
        return False
    return clues.subject is None or normalised_subject(clues.subject) == normalised_subject(email.subject)


def _same_address(address: str, others: Collection[str]) -> bool:
    return address.casefold() in {other.casefold() for other in others}


def _latest(emails: Iterable[SentMessage]) -> SentMessage | None:
    return max(emails, key=lambda email: email.sent_at, default=None)
