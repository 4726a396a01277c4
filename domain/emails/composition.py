"""An outgoing email: the body as it is read, and the message as it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from domain.emails.header_text import clean_header
from domain.emails.headers import OUTGOING, mail_address, message_ids, references
from domain.emails.html_text import plain_text, printable, sanitise
from domain.emails.links import Link, extract_links, rewrite_links
from domain.shared.culture import language_of

_ONE_CLICK = "List-Unsubscribe=One-Click"
UNSUBSCRIBE = {"en": "Unsubscribe", "de": "Abmelden"}


@dataclass(frozen=True, slots=True)
class Footer:
    """What the law asks for: who writes, from where, and how to leave, in the language of the sender's culture."""

    organization: str
    postal_address: str
    unsubscribe_url: str
    culture: str = "en"

    def html(self) -> str:
        """The block at the end of the body."""
        lines = [self.organization, *printable(self.postal_address).split("\n")]
        sender = "<br>".join(escape(line.strip()) for line in lines if line.strip())
        word = UNSUBSCRIBE.get(language_of(self.culture), UNSUBSCRIBE["en"])
        leave = f'<a href="{escape(self.unsubscribe_url)}" style="color:#666666">{word}</a>'
        style = "margin-top:24px;color:#666666;font-size:12px;line-height:1.5"
        return f'<div style="{style}"><p>{sender}</p><p>{leave}</p></div>'


@dataclass(frozen=True, slots=True)
class Body:
    """A body as the contact reads it. `links` are the trackable ones of the message, in order, without the footer's."""

    message_html: str
    footer_html: str
    text: str
    links: tuple[Link, ...]

    @property
    def html(self) -> str:
        """The whole as HTML, with the links as they were written: for the preview and for the record."""
        return self.message_html + self.footer_html

    def tracked_html(self, link_url: Callable[[int], str], pixel_url: str) -> str:
        """The whole with tracked links and, last, the pixel. The footer's own link is left alone."""
        pixel = f'<img src="{escape(pixel_url)}" width="1" height="1" alt="" style="border:0">'
        return rewrite_links(self.message_html, link_url) + self.footer_html + pixel


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything of a message but its body. Message ids are written with their angle brackets.

    `send_id` is the key by which the message is found again at the provider. `in_reply_to` and `references` (of the
    message that is answered) are given for a message in a thread.
    """

    send_id: str
    message_id: str
    sender_name: str
    sender_address: str
    recipient_name: str
    recipient_address: str
    subject: str
    date: datetime
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    unsubscribe_url: str | None = None


def write_body(html: str, footer: Footer | None = None, signature: str = "") -> Body:
    """The body of rendered HTML: made harmless, with signature (HTML) and footer, and as text for plain readers.

    The signature is no template, whatever it looks like, and nothing that is open in the body reaches into it.
    """
    message = sanitise(html) + _signed(signature)
    footer_html = footer.html() if footer else ""
    return Body(message, footer_html, plain_text(message + footer_html), extract_links(message))


def _signed(signature: str) -> str:
    return f'<div style="margin-top:16px">{sanitise(signature)}</div>' if signature else ""


def reply_subject(thread_subject: str) -> str:
    """The subject of a reply in a thread: `Re: ` and the subject with which the thread began."""
    cleaned = clean_header(thread_subject)
    return cleaned if cleaned.casefold().startswith("re:") else clean_header(f"Re: {cleaned}")


def compose(envelope: Envelope, html: str, text: str) -> bytes:
    """The message (RFC 5322, lines ended by CRLF) with a text and an HTML part.

    Neither Auto-Submitted nor Precedence is set: they would silence the out-of-office answers that pause a Salesflow.
    Raises InvalidField when sender or recipient is no address that can be written to.
    """
    message = EmailMessage(policy=OUTGOING)
    message["From"] = mail_address(envelope.sender_name, envelope.sender_address, "/from")
    message["To"] = mail_address(envelope.recipient_name, envelope.recipient_address, "/to")
    message["Subject"] = clean_header(envelope.subject)
    message["Date"] = format_datetime(envelope.date.astimezone(UTC))
    for name, value in _identifiers(envelope).items():
        message[name] = value
    message.set_content(printable(text) + "\n", cte="quoted-printable")
    document = f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>{printable(html)}</body></html>\n'
    message.add_alternative(document, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def _identifiers(envelope: Envelope) -> dict[str, str]:
    answered = message_ids(envelope.in_reply_to or "")[:1]
    headers = {
        "Message-ID": "".join(message_ids(envelope.message_id)[:1]),
        "In-Reply-To": "".join(answered),
        "References": references([*envelope.references, *answered]) if answered else "",
        "X-Engage-Send-Id": "".join(envelope.send_id.split()),
    }
    if envelope.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{envelope.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = _ONE_CLICK
    return {name: value for name, value in headers.items() if value}
