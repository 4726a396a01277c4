"""What a message that came in is: our own, a bounce, an automatic answer, somebody who wants to leave, or a reply."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from domain.emails.auto_replies import AutoReply, find_auto_reply
from domain.emails.bounces import Bounce, find_bounce
from domain.emails.header_text import clean_header
from domain.emails.headers import message_ids
from domain.emails.html_text import plain_text
from domain.emails.message_parts import MessageParts, addresses, instant, take_apart
from domain.emails.out_of_office import Absence, read_absence
from domain.emails.phrases import UNSUBSCRIBE_REQUEST
from domain.emails.quoting import own_html, without_quotes
from domain.emails.threading import believed_ids

# Who asks to be left alone says so in a line or two; a longer text only mentions it.
_REQUEST_WORDS = 25
_REQUEST_CHARACTERS = 250


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A message as it was read. Addresses are in lower case, subject and names fit for a header.

    `text` is the whole, `reply_text` what the sender wrote himself; `at` is the Date header's instant (UTC), if any.
    `answers` are the message ids that it answers, the most believable first.
    """

    message_id: str | None
    sender_name: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    at: datetime | None
    text: str
    reply_text: str
    answers: tuple[str, ...]
    bounce: Bounce | None
    auto_reply: AutoReply | None


@dataclass(frozen=True, slots=True)
class OwnMessage:
    """The mailbox's owner wrote it."""


@dataclass(frozen=True, slots=True)
class AutomaticAnswer:
    """A program answered; it changes nothing."""


@dataclass(frozen=True, slots=True)
class OutOfOffice:
    """The recipient is away."""

    absence: Absence


@dataclass(frozen=True, slots=True)
class UnsubscribeRequest:
    """The recipient answered that he wants no more emails."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A person answered."""


Inbound = OwnMessage | Bounce | AutomaticAnswer | OutOfOffice | UnsubscribeRequest | Reply


def read_message(raw: bytes) -> ReceivedMessage:
    """The message in these bytes (RFC 822). Never raises: what can't be read is empty."""
    parts = take_apart(raw)
    sender = (addresses(parts.header("from")) or addresses(parts.header("sender")) or (("", ""),))[0]
    text, own = _texts(parts)
    bounce = find_bounce(parts)
    return ReceivedMessage(
        message_id=next(iter(message_ids(parts.header("message-id"))), None),
        sender_name=sender[0],
        sender=sender[1],
        recipients=tuple(address for _, address in addresses(parts.header("to"))),
        subject=clean_header(parts.header("subject")),
        at=instant(parts.header("date")),
        text=text,
        reply_text=own,
        answers=_answers(parts, bounce),
        bounce=bounce,
        auto_reply=None if bounce else find_auto_reply(parts, own),
    )


def classify_message(message: ReceivedMessage, own_addresses: Collection[str], received_at: datetime) -> Inbound:
    """What the message is; the first that fits of own, bounce, automatic answer, unsubscribe request, reply.

    `received_at` stands for the date where the message has none.
    """
    if message.sender in {address.lower() for address in own_addresses}:
        return OwnMessage()
    if message.bounce:
        return message.bounce
    match message.auto_reply:
        case AutoReply.OUT_OF_OFFICE:
            said = f"{message.subject}.\n{message.reply_text}"
            return OutOfOffice(read_absence(said, message.at or received_at))
        case AutoReply.OTHER:
            return AutomaticAnswer()
    return UnsubscribeRequest() if is_unsubscribe_request(message.subject, message.reply_text) else Reply()


def is_unsubscribe_request(subject: str, reply_text: str) -> bool:
    """Whether somebody asks for no more emails: in a short answer, or as the whole subject."""
    if re.fullmatch(r"\W*(?:unsubscribe|remove|opt[- ]?out|abmelden|désinscription|baja)\W*", subject, re.IGNORECASE):
        return True
    short = len(reply_text) <= _REQUEST_CHARACTERS and len(reply_text.split()) <= _REQUEST_WORDS
    return short and bool(UNSUBSCRIBE_REQUEST.search(reply_text))


def _texts(parts: MessageParts) -> tuple[str, str]:
    plain = parts.first_text("text/plain").strip()
    if plain:
        return plain, without_quotes(plain)
    html = parts.first_text("text/html")
    text = plain_text(own_html(html))
    return text, without_quotes(text)


def _answers(parts: MessageParts, bounce: Bounce | None) -> tuple[str, ...]:
    in_reply_to, references = message_ids(parts.header("in-reply-to")), message_ids(parts.header("references"))
    return believed_ids([*(bounce.original_ids if bounce else ()), *in_reply_to], references)
